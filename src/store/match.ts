import type { Pool } from 'pg';
import type { DeliveryStore } from '../deliveries/delivery-store.js';
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
    savePlan: async (id, channels, now) =>
      (await rows<{ id: DeliveryId }>(pool, SAVE_PLAN, [id, toJson(channels.map(channelColumns)), now])).map(
        (promised) => promised.id,
      ),
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

/** What is held for a later digest goes out as soon as another subscription asks; its place is then the last. */
export const SOONER = /* sql */ `
  on conflict (post_id, channel_id) do update
     set state = excluded.state, due_at = excluded.due_at, seq = default, wanted_by = excluded.wanted_by
   where deliveries.state = 'held' and excluded.due_at < deliveries.due_at`;

/** The sighting is locked first, so that a second matcher finds it matched and promises nothing. */
const SAVE_PLAN = /* sql */ `
  with matched as (
    update sightings
       set matched_at = $3,
           decision = coalesce(decision, '{}') || jsonb_build_object('wanted', jsonb_array_length($2::jsonb))
     where id = $1 and matched_at is null returning id, post_id
  )
  insert into deliveries (post_id, sighting_id, channel_id, state, promised_at, due_at, wanted_by)
  select distinct on (c.id) m.post_id, m.id, c.id, case when w.held_until is null then 'pending' else 'held' end, $3,
         coalesce(w.held_until, $3), w.wanted_by
    from matched m,
         jsonb_to_recordset($2::jsonb) as w(platform text, workspace_id text, channel_id text, wanted_by jsonb,
                                        held_until timestamptz)
    join channels c using (platform, workspace_id, channel_id)
   order by c.id, w.held_until nulls first
  ${SOONER}
  returning id`;

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
