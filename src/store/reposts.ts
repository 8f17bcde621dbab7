import type { Feed } from '../feeds/feed.js';
import type { SightingId } from '../ids.js';
import { isRewritten } from '../posts/rewritten.js';
import type { Known } from './refresh-entries.js';
import { rows, type Db } from './rows.js';

interface WrittenRow {
  id: SightingId;
  text_length: number;
  updated_at: Date;
  first_seen_at: Date;
}

/**
 * Entries to be told again, for their feed rewrote them and its operator asked for that. To be called before they are
 * stored as they are now. An entry is told again once; only the feed whose text the post has speaks for it.
 */
export async function rewrittenOf(db: Db, feed: Feed, known: readonly Known[], now: Date): Promise<SightingId[]> {
  if (!feed.settings.repostUpdates) return [];
  const updated = new Map(
    known.filter(({ isCopy, entry }) => !isCopy && entry.updatedAt !== null).map((one) => [one.ref.id, one.entry]),
  );
  if (updated.size === 0) return [];
  const stored = await rows<WrittenRow>(db, WRITTEN, [[...updated.keys()]]);
  return stored.flatMap(({ id, text_length: textLength, updated_at: updatedAt, first_seen_at: firstSeenAt }) => {
    const entry = updated.get(id);
    return entry && isRewritten({ textLength, updatedAt, firstSeenAt }, entry, now) ? [id] : [];
  });
}

const WRITTEN = /* sql */ `
  select s.id, length(p.body) as text_length, coalesce(s.updated_at, s.first_seen_at) as updated_at, s.first_seen_at
    from sightings s join posts p on p.id = s.post_id
   where s.id = any ($1::uuid[]) and s.seq = (select min(seq) from sightings where post_id = p.id)
     and not exists (select from entry_events e where e.sighting_id = s.id and e.kind = 'reposted')
   order by s.seq`;

/** Promises them again to the channels that heard of them, as they are stored now. */
export async function tellAgain(db: Db, ids: readonly SightingId[], now: Date): Promise<void> {
  if (ids.length > 0) await rows(db, TELL_AGAIN, [ids, now]);
}

/** A notice, because a channel is promised each post once. What waits to be sent says what is true by then anyway. */
const TELL_AGAIN = /* sql */ `
  with again as (
    insert into entry_events (sighting_id, kind, at, detail)
    select id, 'reposted', $2::timestamptz, '{"kind": "reposted"}' from unnest($1::uuid[]) as id
    returning sighting_id)
  insert into deliveries (notice, sighting_id, channel_id, state, promised_at, due_at, wanted_by)
  select jsonb_build_object('title', 'Updated: ' || p.title, 'text', p.body, 'url', p.url), s.id, d.channel_id, 'pending',
         $2::timestamptz, $2::timestamptz, d.wanted_by
    from again a join sightings s on s.id = a.sighting_id join posts p on p.id = s.post_id
    join deliveries d on d.post_id = p.id and d.state in ('sent', 'digested')
   order by s.seq, d.seq`;
