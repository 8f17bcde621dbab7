import type { Pool } from 'pg';
import type { ChannelRef, Platform } from '../chat/channel.js';
import type { DeliveryState } from '../deliveries/delivery.js';
import type { StatusStore, StoredCounts } from '../deliveries/status.js';
import type { WhyDelivery, WhyReport, WhySighting, WhyStore } from '../deliveries/why.js';
import { linkKey } from '../posts/entry-keys.js';
import { postOf, POST_COLUMNS, type PostRow } from './posts.js';
import { row, rows } from './rows.js';

export function createStatusStore(pool: Pool): StatusStore {
  return {
    counts: async () => {
      const stored = await row<StoredCounts>(pool, COUNTS, []);
      if (!stored) throw new Error('counting returned no row');
      return stored;
    },
  };
}

const STATES: readonly DeliveryState['kind'][] = ['pending', 'sending', 'unknown', 'sent', 'abandoned'];
const COUNTS = /* sql */ `
  select (select count(*)::int from feeds) as feeds, (select count(*)::int from posts) as posts,
         (select jsonb_build_object(${STATES.map((state) => `'${state}', count(*) filter (where state = '${state}')`).join(', ')})
            from deliveries) as deliveries`;

export function createWhyStore(pool: Pool): WhyStore {
  return { why: (link) => why(pool, link) };
}

async function why(pool: Pool, link: URL): Promise<WhyReport> {
  const post = await row<PostRow>(pool, POST_BY_LINK, [linkKey(link), link.href]);
  if (!post) {
    const hint =
      'No stored post has this link. Is its feed followed (tidings feed list), and has it been polled since?';
    return { kind: 'not-stored', hint };
  }
  const [sightings, deliveries] = await Promise.all([
    rows<SightingRow>(pool, SIGHTINGS, [post.id]),
    rows<DeliveryRow>(pool, DELIVERIES, [post.id]),
  ]);
  return {
    kind: 'stored',
    post: postOf(post),
    sightings: sightings.map(sightingOf),
    deliveries: deliveries.map(deliveryOf),
  };
}

/** The entry's keys hold every link the post ever had, in every feed. */
const POST_BY_LINK = /* sql */ `
  select ${POST_COLUMNS} from posts p
   where p.id in (select s.post_id from sightings s join entry_keys k on k.sighting_id = s.id where k.key = $1)
   order by (p.url = $2) desc nulls last, p.first_seen_at desc limit 1`;

interface SightingRow {
  feed_title: string | null;
  feed_url: string;
  first_seen_at: Date;
  fate: WhySighting['fate'];
}

const SIGHTINGS = /* sql */ `
  select f.title as feed_title, f.url as feed_url, s.first_seen_at,
         case when not s.announced then 'backlog' when s.matched_at is null then 'waiting' else 'matched' end as fate
    from sightings s join feeds f on f.id = s.feed_id where s.post_id = $1 order by s.seq`;

function sightingOf(stored: SightingRow): WhySighting {
  return {
    feedTitle: stored.feed_title,
    feedUrl: stored.feed_url,
    firstSeenAt: stored.first_seen_at,
    fate: stored.fate,
  };
}

interface DeliveryRow {
  platform: Platform;
  workspace_id: string;
  channel_id: string;
  state: DeliveryState['kind'];
  reason: string | null;
  attempts: number;
  promised_at: Date;
  first_tried_at: Date | null;
  due_at: Date | null;
  settled_at: Date | null;
}

const DELIVERIES = /* sql */ `
  select c.platform, c.workspace_id, c.channel_id, d.state, d.attempts, d.promised_at, d.first_tried_at, d.settled_at,
         coalesce(d.reason, case when d.settled_at is null then c.trouble end) as reason,
         case when d.settled_at is null then greatest(d.due_at, c.ready_at, c.paced_until) end as due_at
    from deliveries d join channels c on c.id = d.channel_id where d.post_id = $1 order by d.seq`;

function deliveryOf(stored: DeliveryRow): WhyDelivery {
  return {
    channel: channelOf(stored),
    state: stored.state,
    reason: stored.reason,
    attempts: stored.attempts,
    promisedAt: stored.promised_at,
    firstTriedAt: stored.first_tried_at,
    dueAt: stored.due_at,
    endedAt: stored.settled_at,
  };
}

function channelOf(stored: DeliveryRow): ChannelRef {
  return { platform: stored.platform, workspaceId: stored.workspace_id, channelId: stored.channel_id };
}
