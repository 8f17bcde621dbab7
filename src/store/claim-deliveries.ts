import type { Pool } from 'pg';
import type { ClaimRequest, Claims, DeliveryStore } from '../deliveries/delivery-store.js';
import { CLAIMED, claimedOfAll, type ClaimRow } from './claimed-rows.js';
import { row, rows, transaction } from './rows.js';

/** What may be sent now, and taking it. */
export function createDeliveryClaims(pool: Pool): Pick<DeliveryStore, 'claimDue' | 'due' | 'isDue' | 'nextDueAt'> {
  return {
    claimDue: (request) =>
      transaction(pool, async (db, leave) => {
        // One claim at a time on each platform: two must not both find the same room.
        leave(rows(db, CLAIM_LOCK, [request.platform]));
        return claimsOf(await rows<ClaimedRow>(db, CLAIM_DUE, valuesOf(request)));
      }),
    due: async (now, platforms, limit) =>
      (await rows<{ id: string }>(pool, DUE, [now, platforms, limit])).map(({ id }) => id),
    isDue: async ({ platform, workspaceId, channelId }, now) =>
      (await row(pool, IS_DUE, [platform, workspaceId, channelId, now])) !== null,
    nextDueAt: async (platforms) => (await row<{ at: Date | null }>(pool, NEXT_DUE_AT, [platforms]))?.at ?? null,
  };
}

/** So far ahead turns are given out under the pace of a whole bot. */
const AHEAD_MS = 100;

function valuesOf({ pace, ...request }: ClaimRequest): readonly unknown[] {
  const { platform, now, leaseUntil, limit, share, shares } = request;
  const { perChannel, perBot } = pace;
  const channelPace = [perChannel?.everyMs ?? 0, perChannel?.burst ?? 1];
  const own = [[...shares.keys()], [...shares.values()]];
  return [now, leaseUntil, platform, limit, share, ...own, ...channelPace, perBot?.everyMs ?? 0, AHEAD_MS];
}

/** Without a claim there is one row all the same, which only says when to look again. */
type ClaimedRow = (ClaimRow | { readonly id: null }) & { readonly next_at: Date | null };

function claimsOf(found: readonly ClaimedRow[]): Claims {
  return {
    claimed: claimedOfAll(found.filter((one) => one.id !== null)),
    nextAt: found[0]?.next_at ?? null,
  };
}

const CLAIM_LOCK = 'select pg_advisory_xact_lock(4217003, hashtext($1))';

/** No pace looks so far ahead: the clock was put back. */
const FAR = `interval '20 seconds'`;
/** Neither settled nor held. */
const OPEN = `state in ('pending', 'sending', 'unknown')`;
/** The time between two messages of a channel, and between two requests of the bot. */
const EVERY = `$8::float8 * interval '1 millisecond'`;
const AHEAD = `$11::float8 * interval '1 millisecond'`;
const BOT_EVERY = `$10::float8 * interval '1 millisecond'`;

/**
 * $1 now, $2 until when, $3 platform, $4 limit, $5 share of a workspace, $6 workspaces with another, $7 theirs, $8 ms
 * between messages of a channel, $9 how many at once, $10 ms between requests of the bot, $11 how far ahead.
 *
 * Channels that are due are found workspace by workspace, those with the fewest under way first.
 */
const PICKED = /* sql */ `
  workspaces (id) as (
    (select workspace_id from channels where platform = $3 and next_at is not null order by workspace_id limit 1)
    union all
    select (select c.workspace_id from channels c
             where c.platform = $3 and c.workspace_id > w.id and c.next_at is not null order by c.workspace_id limit 1)
      from workspaces w where w.id is not null),
  bot as materialized (
    select case when free_at > $1::timestamptz + ${FAR} then $1 else greatest(free_at, $1) end as free_at, ready_at
      from platform_paces where platform = $3),
  sharing as (
    select w.id, coalesce(s.share, $5) as share
      from workspaces w left join unnest($6::text[], $7::integer[]) as s (workspace, share) on s.workspace = w.id
     where w.id is not null),
  picked as materialized (
    select c.id, c.version, c.rank - w.share as place, c.rank >= w.share as is_last
      from sharing w cross join lateral (
        select id, version, next_at, row_number() over (order by next_at) as rank from open_channels
         where platform = $3 and workspace_id = w.id and next_at <= $1 order by next_at limit greatest(w.share, 0)) c
     where (select ready_at from bot) <= $1
     order by place, c.next_at limit $4)`;

/**
 * Where looking at all that was picked came to nothing for some, others that are due may not have been picked.
 *
 * In each channel, what is under way is looked at first, then the oldest that is due or holds the others back, but for
 * parts of a digest of which an earlier one is open. A channel that changed since is left for next time: what was just
 * promised could be overlooked.
 */
const LOOKED = /* sql */ `
  locked as materialized (
    select c.id, p.place, greatest(c.ready_at, c.paced_until) as ready_at,
           case when c.free_at > $1::timestamptz + ${FAR} then '-infinity' else c.free_at end as free_at
      from picked p join channels c on c.id = p.id and c.xmin = p.version
       for no key update of c skip locked),
  looked as materialized (
    select l.id, l.place, l.free_at, d.id as delivery_id, d.state,
           case d.state when 'pending' then greatest(d.at, l.ready_at, l.free_at - ($9::integer - 1) * ${EVERY})
                        else d.at end as may_at,
           (select min(o.due_at) from deliveries o
             where o.channel_id = l.id and o.state in ('pending', 'unknown') and o.due_at > o.promised_at
               and o.due_at > $1) as later_at
      from locked l left join lateral (
        (select 0 as first, id, state, lease_until as at from deliveries
          where channel_id = l.id and lease_until is not null)
        union all
        (select 1, id, state, case when due_at > promised_at then due_at else '-infinity' end from deliveries
          where channel_id = l.id and ${OPEN}
            and (due_at <= greatest($1, promised_at) or first_tried_at is not null and not aside)
            and (continues is null or not exists (
              select from deliveries o where o.${OPEN} and (o.id = deliveries.continues
                or o.continues = deliveries.continues and o.seq < deliveries.seq)))
          order by seq limit 1)
        order by first limit 1) d on true),
  taken as materialized (
    select k.*, b.free_at + (row_number() over (order by k.place) - 1) * ${BOT_EVERY} as turn_at
      from looked k cross join bot b where k.may_at <= $1),
  in_time as materialized (select * from taken where turn_at <= $1::timestamptz + ${AHEAD}),
  overlooked as (
    select count(*) as channels from picked p
     where not exists (select from taken t where t.id = p.id)
    having (select bool_or(is_last) or count(*) >= $4 from picked)
        or (select count(*) from locked) < (select count(*) from picked))`;

/** A delivery that was being sent when its lease ended is of unknown fate from now on, whatever the clock said then. */
const TAKE = /* sql */ `
  claimed as (
    update deliveries d
       set state = case d.state when 'pending' then 'sending' else 'unknown' end, lease_until = $2,
           attempts = case d.state when 'pending' then d.attempts + 1 else d.attempts end,
           checks = case d.state when 'unknown' then d.checks else 0 end,
           unsure_since = case d.state when 'sending' then $1 else d.unsure_since end,
           first_tried_at = coalesce(d.first_tried_at, $1)
      from in_time t where d.id = t.delivery_id and d.state = t.state
    returning d.*, t.turn_at),
  moved as (
    update channels c
       set next_at = case when t.id is not null then $2 when k.delivery_id is null then k.later_at
                          else least(k.may_at, k.later_at) end,
           free_at = case when t.state = 'pending' and $8 > 0 then greatest(k.free_at, t.turn_at) + ${EVERY}
                          else c.free_at end
      from looked k left join in_time t on t.id = k.id
     where c.id = k.id and (t.id is not null or k.delivery_id is null or k.may_at > $1)
    returning c.next_at),
  paced as (
    update platform_paces set free_at = t.turn_at + ${BOT_EVERY}
      from (select max(turn_at) as turn_at from in_time) t where platform = $3 and $10 > 0 and t.turn_at is not null)`;

const CLAIM_DUE = /* sql */ `
  with recursive ${PICKED}, ${LOOKED}, ${TAKE}
  select n.next_at, d.*
    from (select case when (select ready_at from bot) > $1 then (select ready_at from bot)
                      when (select channels from overlooked) > 0 then $1
                      else least((select min(next_at) from open_channels where platform = $3 and next_at > $1),
                                 (select min(next_at) from moved where next_at > $1),
                                 (select min(turn_at) - ${AHEAD} from taken where turn_at > $1::timestamptz + ${AHEAD}))
                 end as next_at) n
    left join (${CLAIMED}) d on true`;

const DUE = /* sql */ `
  select c.id from open_channels c join platform_paces p on p.platform = c.platform
   where c.platform = any ($2) and c.next_at <= $1 and p.ready_at <= $1 limit $3`;

const IS_DUE = /* sql */ `
  select from open_channels where platform = $1 and workspace_id = $2 and channel_id = $3 and next_at <= $4`;

const NEXT_DUE_AT = /* sql */ `
  select least(
    (select min(greatest(c.next_at, p.ready_at)) from open_channels c join platform_paces p on p.platform = c.platform
      where c.platform = any ($1) and c.next_at is not null),
    (select min(d.due_at) from deliveries d join channels c on c.id = d.channel_id
      where d.state = 'held' and c.platform = any ($1))) as at`;
