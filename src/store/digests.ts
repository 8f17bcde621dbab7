import type { Pool } from 'pg';
import type { MessageLine } from '../chat/message.js';
import type { DeliveryStore } from '../deliveries/delivery-store.js';
import { planBurst, planRest, type Digest } from '../deliveries/digest.js';
import type { DeliveryId, SightingId } from '../ids.js';
import { toJson } from './json.js';
import { channelColumns, decidedOf, promising } from './match.js';
import { row, rows, transaction, urlOrNull, type Db } from './rows.js';

/** What a delivery without a post says. A digest has lines, kept as they were when it was made. */
export interface StoredNotice {
  readonly lines?: readonly (Omit<MessageLine, 'url'> & { readonly url: string | null })[];
}

export function createDigestQueries(pool: Pool): Pick<DeliveryStore, 'saveBurst' | 'fold'> {
  return {
    saveBurst: (plans, now) =>
      transaction(pool, async (db) => {
        const mine = await rows<{ id: SightingId }>(db, LOCK, [plans.map(({ id }) => id)]);
        const ids = new Set(mine.map(({ id }) => id));
        const wanted = plans.filter(({ id }) => ids.has(id));
        const counts = wanted.map(({ id, ...one }) => ({ id, decided: decidedOf(one) }));
        await rows(db, MATCHED, [toJson(counts), now]);
        const promises = wanted.flatMap(({ id, channels }) => channels.map((one) => ({ id, ...channelColumns(one) })));
        const promised = await rows<{ id: DeliveryId }>(db, PROMISE, [toJson(promises), now]);
        const named = await rows<PromisedRow>(db, PROMISED, [promised.map(({ id }) => id)]);
        const told: DeliveryId[] = [];
        for (const [channelId, lines] of byChannel(named)) {
          const { digests, messages } = planBurst(lines.map(lineOf), lines[0]?.source ?? '');
          told.push(...(await addDigests(db, channelId, digests, now)));
          // What follows a digest must come after it, so it is numbered anew.
          for (const { id } of digests.length > 0 ? messages : []) await rows(db, RENUMBER, [id]);
          told.push(...messages.map(({ id }) => id));
        }
        return told;
      }),
    fold: (claimed, now) =>
      transaction(pool, async (db) => {
        const held = await row<{ channel_id: string }>(db, HOLD, [claimed.delivery.id, claimed.leaseUntil]);
        if (!held) return null;
        const waiting = await rows<PromisedRow>(db, WAITING, [held.channel_id, claimed.delivery.id]);
        if (waiting.length < 2) return null;
        const digests = planRest(waiting.map(lineOf), claimed.pace.perHour ?? 1);
        return (await addDigests(db, held.channel_id, digests, now))[0] ?? null;
      }),
  };
}

interface PromisedRow {
  id: DeliveryId;
  channel_id: string;
  title: string;
  url: string | null;
  source: string;
}

type Line = MessageLine & { readonly id: DeliveryId };

function lineOf({ id, title, url, source }: PromisedRow): Line {
  return { id, title, url: urlOrNull(url), source };
}

function byChannel(promised: readonly PromisedRow[]): ReadonlyMap<string, readonly PromisedRow[]> {
  const channels = new Map<string, PromisedRow[]>();
  for (const one of promised) channels.set(one.channel_id, [...(channels.get(one.channel_id) ?? []), one]);
  return channels;
}

/** Promises the digests, in order, and ties to each the deliveries that it names; later parts go on from the first. */
export async function addDigests(
  db: Db,
  channelId: string,
  digests: readonly Digest<Line>[],
  now: Date,
): Promise<DeliveryId[]> {
  const added: DeliveryId[] = [];
  for (const { title, text, lines } of digests) {
    const shown = lines.map(({ title: name, url, source, heading }) => {
      return { title: name, url: url?.href ?? null, source, heading };
    });
    const digest = await row<{ id: DeliveryId }>(db, ADD, [
      toJson({ title, text, lines: shown }),
      channelId,
      now,
      added[0] ?? null,
    ]);
    if (!digest) throw new Error('a digest vanished while it was added');
    await rows(db, DIGESTED, [lines.map(({ id }) => id), digest.id]);
    added.push(digest.id);
  }
  return added;
}

/** Locked first, in one order, so that a second matcher finds them matched and promises nothing. */
const LOCK = /* sql */ `
  select id from sightings where id = any ($1::uuid[]) and matched_at is null order by seq for update`;

const MATCHED = /* sql */ `
  update sightings s
     set matched_at = $2, decision = coalesce(s.decision, '{}') || m.decided
    from jsonb_to_recordset($1::jsonb) as m (id uuid, decided jsonb) where s.id = m.id`;

const PROMISE = `with ${promising('sightings', '$1', '$2')}`;

const NAMED = /* sql */ `
  select d.id, d.channel_id, p.title, p.url, coalesce(f.title, f.url, '') as source
    from deliveries d join posts p on p.id = d.post_id
         left join sightings s on s.id = d.sighting_id left join feeds f on f.id = s.feed_id`;

const PROMISED = `${NAMED} where d.id = any ($1::uuid[]) and d.state = 'pending' order by d.seq`;

/** The claim, if it still holds. */
const HOLD = /* sql */ `
  select channel_id from deliveries where id = $1 and state = 'sending' and lease_until = $2 for update`;

/** What was tried already keeps its own message: it may be there although nobody could see it. */
const WAITING = /* sql */ `
  ${NAMED} where d.channel_id = $1 and (d.state = 'pending' and d.attempts = 0 or d.id = $2)
   order by d.seq for update of d`;

const ADD = /* sql */ `
  insert into deliveries (notice, channel_id, state, promised_at, due_at, continues)
  values ($1::jsonb, $2, 'pending', $3::timestamptz, $3::timestamptz, $4::uuid) returning id`;

const DIGESTED = /* sql */ `
  update deliveries set state = 'digested', in_digest = $2, lease_until = null where id = any ($1::uuid[])`;

const RENUMBER = /* sql */ `
  update deliveries set seq = default where id = $1`;
