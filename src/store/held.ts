import type { Pool } from 'pg';
import type { DeliveryStore, HeldDigest } from '../deliveries/delivery-store.js';
import { planHeld, withHeadingsOnce } from '../deliveries/digest.js';
import { ranked, type Ranked } from '../deliveries/rank.js';
import type { DeliveryId } from '../ids.js';
import { quietUntil } from '../subscriptions/next-slot.js';
import type { Target } from '../subscriptions/subscription.js';
import type { Topic } from '../topics/topic.js';
import { quietOf, type QuietRow } from './channels.js';
import { addDigests } from './digests.js';
import { row, rows, transaction, urlOrNull, type Db } from './rows.js';

/** What waits for its slot, and what becomes of it there. */
export function createHeldQueries(pool: Pool): Pick<DeliveryStore, 'hold' | 'slotsDue' | 'release' | 'held'> {
  return {
    hold: ({ delivery, leaseUntil }, until) =>
      transaction(pool, async (db) => {
        // Locked before its deliveries, as whoever records and claims does.
        const channel = await row<{ id: string }>(db, CHANNEL, [delivery.id]);
        if (!channel || !(await row(db, MINE, [delivery.id, leaseUntil]))) return false;
        await rows(db, HOLD, [channel.id, delivery.id, until]);
        await rows(db, WAKE, [channel.id]);
        return true;
      }),
    slotsDue: async (now, limit) => (await rows<{ id: DeliveryId }>(pool, SLOTS_DUE, [now, limit])).map(({ id }) => id),
    release: (id, topics, now) => transaction(pool, (db) => release(db, id, { topics, now })),
    held: async ({ platform, workspaceId, channelId }, topics) => {
      const found = await rows<HeldRow>(pool, HELD_IN, [platform, workspaceId, channelId]);
      return bySlot(found).map(([dueAt, posts]): HeldDigest => {
        const lines = ranked(posts.map(heldOf), topics);
        return { dueAt, lines: withHeadingsOnce(lines) };
      });
    },
  };
}

async function release(
  db: Db,
  id: DeliveryId,
  { topics, now }: { readonly topics: readonly Topic[]; readonly now: Date },
): Promise<DeliveryId[]> {
  // Locked first: of two at once the second finds nothing held.
  const channel = await row<QuietRow & { id: string }>(db, CHANNEL, [id]);
  if (!channel) return [];
  const quietEnds = quietUntil(quietOf(channel), now);
  if (quietEnds !== null) {
    await rows(db, PUT_OFF, [channel.id, now, quietEnds]);
    return [];
  }
  const held = await rows<HeldRow>(db, HELD_DUE, [channel.id, now]);
  const [only] = held;
  if (held.length === 1 && only) {
    await rows(db, ALONE, [only.id, now]);
    await rows(db, WAKE, [channel.id]);
    return [only.id];
  }
  return addDigests(db, channel.id, planHeld(ranked(held.map(heldOf), topics)), now);
}

interface HeldRow {
  id: DeliveryId;
  due_at: Date;
  title: string;
  url: string | null;
  body: string;
  tags: string[];
  published_at: Date | null;
  first_seen_at: Date;
  source: string;
  feeds: number;
  wanted_by: Target[] | null;
}

function heldOf(stored: HeldRow): Ranked & { readonly id: DeliveryId } {
  return {
    id: stored.id,
    post: {
      title: stored.title,
      url: urlOrNull(stored.url),
      text: stored.body,
      tags: stored.tags,
      publishedAt: stored.published_at,
      firstSeenAt: stored.first_seen_at,
    },
    source: stored.source,
    feeds: stored.feeds,
    wantedBy: stored.wanted_by ?? [],
  };
}

function bySlot(held: readonly HeldRow[]): [Date, HeldRow[]][] {
  const slots = new Map<number, HeldRow[]>();
  for (const one of held) slots.set(one.due_at.getTime(), [...(slots.get(one.due_at.getTime()) ?? []), one]);
  return [...slots].map(([at, posts]) => [new Date(at), posts]);
}

/** An untried post under a claim that still holds. */
const MINE = /* sql */ `
  select from deliveries
   where id = $1 and state = 'sending' and lease_until = $2 and attempts <= 1 and post_id is not null for update`;

const WAKE = /* sql */ `update channels set next_at = 'epoch' where id = $1`;

const HOLD = /* sql */ `
  update deliveries set state = 'held', due_at = $3, attempts = 0, lease_until = null, first_tried_at = null
   where channel_id = $1 and post_id is not null and (id = $2 or state = 'pending' and attempts = 0)`;

const SLOTS_DUE = /* sql */ `
  select distinct on (channel_id) id from deliveries where state = 'held' and due_at <= $1
   order by channel_id, seq limit $2`;

const CHANNEL = /* sql */ `
  select id, time_zone, quiet_from, quiet_to from channels
   where id = (select channel_id from deliveries where id = $1) for no key update`;

const PUT_OFF = /* sql */ `
  update deliveries set due_at = $3 where channel_id = $1 and state = 'held' and due_at <= $2`;

/** Promised anew, as a digest would be: after a week of waiting for its slot it could not be tried again. */
const ALONE = /* sql */ `
  update deliveries set state = 'pending', promised_at = $2, due_at = $2, seq = default where id = $1`;

const HELD = /* sql */ `
  select d.id, d.due_at, p.title, p.url, p.body, p.tags, p.published_at, p.first_seen_at, d.wanted_by,
         coalesce(f.title, f.url, '') as source,
         (select count(distinct o.feed_id)::int from sightings o where o.post_id = p.id) as feeds
    from deliveries d join posts p on p.id = d.post_id
         left join sightings s on s.id = d.sighting_id left join feeds f on f.id = s.feed_id`;

const HELD_DUE = `${HELD} where d.channel_id = $1 and d.state = 'held' and d.due_at <= $2 order by d.seq for update of d`;

const HELD_IN = `${HELD} join channels c on c.id = d.channel_id
   where c.platform = $1 and c.workspace_id = $2 and c.channel_id = $3 and d.state = 'held' order by d.due_at, d.seq`;
