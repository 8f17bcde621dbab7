import type { Pool } from 'pg';
import type { DeliveryStore, SightingPlan } from '../deliveries/delivery-store.js';
import type { Planned, Sighting } from '../deliveries/plan.js';
import type { DeliveryId, FeedId, SightingId } from '../ids.js';
import { toJson } from './json.js';
import { postOf, POST_COLUMNS, type PostRow } from './posts.js';
import { rows } from './rows.js';

/** What is to be matched, and what that promised. */
export function createMatchQueries(pool: Pool): Pick<DeliveryStore, 'unmatched' | 'unmatchedOf' | 'savePlan'> {
  return {
    unmatched: async (now, limit) => (await rows<SightingRow>(pool, UNMATCHED, [now, limit])).map(sightingOf),
    unmatchedOf: async (burst) => (await rows<SightingRow>(pool, UNMATCHED_OF, [burst])).map(sightingOf),
    savePlan: async (plans, now) => {
      const wanted = plans.map(({ id, ...one }) => ({ id, decided: decidedOf(one) }));
      const promises = plans.flatMap(({ id, channels }) => channels.map((one) => ({ id, ...channelColumns(one) })));
      const promised = await rows<{ id: DeliveryId }>(pool, SAVE_PLAN, [toJson(wanted), toJson(promises), now]);
      return promised.map(({ id }) => id);
    },
  };
}

/** A post whose picture is being looked for waits a moment, its burst with it, at most as long as it is wanted. */
const UNMATCHED = /* sql */ `
  select s.id as sighting_id, s.feed_id, s.burst, ${POST_COLUMNS} from sightings s join posts p on p.id = s.post_id
   where s.matched_at is null
     and not exists (select from wanted_pictures w join sightings o on o.id = w.sighting_id
                      where w.wanted_until > $1 and (o.id = s.id or o.burst = s.burst))
   order by s.seq limit $2`;

const UNMATCHED_OF = /* sql */ `
  select s.id as sighting_id, s.feed_id, s.burst, ${POST_COLUMNS} from sightings s join posts p on p.id = s.post_id
   where s.matched_at is null and s.burst = $1 order by s.seq`;

/**
 * SQL, the end of a `with`: promises what the JSON `promises` says of `sightings`, a table with their id, post_id and
 * seq, at `now`. What is held for a later digest goes out as soon as another subscription asks; its place is then the
 * last, and its channel is woken, as it is by what is inserted.
 */
export function promising(sightings: string, promises: string, now: string): string {
  return /* sql */ `
  promised as (
    insert into deliveries (post_id, sighting_id, channel_id, state, promised_at, due_at, wanted_by)
    select post_id, sighting_id, channel_id, case when held_until is null then 'pending' else 'held' end,
           ${now}::timestamptz, coalesce(held_until, ${now}::timestamptz), wanted_by
      from (select distinct on (s.post_id, c.id)
                   s.post_id, s.id as sighting_id, c.id as channel_id, w.held_until, w.wanted_by, s.seq
              from jsonb_to_recordset(${promises}::jsonb) as w (id uuid, platform text, workspace_id text,
                                                                channel_id text, wanted_by jsonb, held_until timestamptz)
              join ${sightings} s on s.id = w.id join channels c using (platform, workspace_id, channel_id)
             order by s.post_id, c.id, w.held_until nulls first, s.seq) each
     order by seq, channel_id
    on conflict (post_id, channel_id) do update
       set state = excluded.state, promised_at = excluded.promised_at, due_at = excluded.due_at, seq = default,
           wanted_by = excluded.wanted_by
     where deliveries.state = 'held' and excluded.due_at < deliveries.due_at
    returning id, channel_id, xmax <> 0 as was_held),
  waking as materialized (
    select id from channels where id in (select channel_id from promised where was_held) order by id for no key update),
  woken as (update channels c set next_at = least(c.next_at, ${now}) from waking w where c.id = w.id)
  select id from promised`;
}

/** Sightings are locked first, in one order, so that a second matcher finds them matched and promises nothing. */
const SAVE_PLAN = /* sql */ `
  with given as (select * from jsonb_to_recordset($1::jsonb) as g (id uuid, decided jsonb)),
  mine as (
    select id from sightings where id = any (array(select id from given)) and matched_at is null order by seq for update),
  matched as (
    update sightings s
       set matched_at = $3::timestamptz, decision = coalesce(decision, '{}') || g.decided
      from mine m join given g using (id) where s.id = m.id returning s.id, s.post_id, s.seq),
  ${promising('matched', '$2', '$3')}`;

/** What is kept of it: how many channels wanted the post, and which of them had asked for quiet. */
export function decidedOf({ channels, filtered }: Omit<SightingPlan, 'id'>): object {
  const wanted = channels.length + filtered.length;
  return filtered.length > 0 ? { wanted, filtered } : { wanted };
}

interface SightingRow extends PostRow {
  sighting_id: SightingId;
  feed_id: FeedId;
  burst: string | null;
}

function sightingOf(stored: SightingRow): Sighting {
  return { id: stored.sighting_id, feedId: stored.feed_id, burst: stored.burst, post: postOf(stored) };
}

export function channelColumns({ channel, wantedBy, heldUntil }: Planned): object {
  const { platform, workspaceId, channelId } = channel;
  return { platform, workspace_id: workspaceId, channel_id: channelId, wanted_by: wantedBy, held_until: heldUntil };
}
