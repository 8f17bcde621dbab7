import type { Pool } from 'pg';
import type { FeedId } from '../ids.js';
import type { Feed } from '../feeds/feed.js';
import type { FeedStore } from '../feeds/feed-store.js';
import { BATCH } from '../feeds/poll-feed.js';
import { FEED_COLUMNS, feedOf, type FeedRow } from './feed-rows.js';
import { rows, transaction } from './rows.js';

/** Who may be polled now, and taking it. */
export function createFeedClaims(pool: Pool): Pick<FeedStore, 'due' | 'claimDue' | 'claim'> {
  const claimed = (sql: string, values: readonly unknown[]): Promise<Feed[]> =>
    transaction(pool, async (db, leave) => {
      // One claim at a time, everywhere: two must not both find an origin free.
      leave(rows(db, CLAIM_LOCK, []));
      return (await rows<FeedRow>(db, sql, values)).map(feedOf);
    });
  return {
    due: async (now, limit) => (await rows<{ id: FeedId }>(pool, DUE, [now, limit])).map(({ id }) => id),
    claimDue: (now, leaseUntil, limit) => claimed(CLAIM_DUE, [now, leaseUntil, limit]),
    claim: async (id, now, leaseUntil) => (await claimed(CLAIM_ONE, [now, leaseUntil, id]))[0] ?? null,
  };
}

/** Any number, as long as it is always the same. */
export const CLAIM_LOCK = 'select pg_advisory_xact_lock(4217002)';

/** More than one claim takes, so that many due feeds of one origin do not hide the others for long: next time it is busy. */
const LOOK_AT = 250;

/**
 * What could be claimed at $1, as `chosen`: due, not taken, and by courtesy one of a free origin, and as many of a
 * registrable domain as make two with those that are busy.
 */
const chosenOf = (lookAt: number) => /* sql */ `
  due as (
    select f.id, f.next_poll_at, f.origin, o.domain, o.exempt
      from feeds f join origins o on o.origin = f.origin
     where f.next_poll_at <= $1 and coalesce(f.lease_until, '-infinity') <= $1
       and coalesce(f.not_before, '-infinity') <= $1 and (o.exempt or (o.free_at <= $1 and o.not_before <= $1))
     order by f.next_poll_at limit ${String(lookAt)}),
  of_origin as (
    select *, row_number() over (partition by origin order by next_poll_at, id) as in_origin from due),
  of_domain as (
    select *, row_number() over (partition by domain, exempt order by next_poll_at, id) as in_domain
      from of_origin where exempt or in_origin = 1),
  busy as (select domain, count(*) as origins from origins where free_at > $1 and not exempt group by domain),
  chosen as (
    select c.id, c.origin, c.exempt, c.next_poll_at from of_domain c left join busy b on b.domain = c.domain
     where c.exempt or c.in_domain + coalesce(b.origins, 0) <= 2)`;

/** $1 now, $2 limit. */
const DUE = /* sql */ `
  with ${chosenOf(20 * LOOK_AT)},
  numbered as (select id, row_number() over (order by next_poll_at, id) as number from chosen)
  select id from numbered where number % ${String(BATCH)} = 1 order by number limit $2`;

/** Marks what `picked` holds as taken until $2. */
const TAKE = /* sql */ `
  busied as (update origins o set free_at = $2 from picked p where o.origin = p.origin and not p.exempt),
  taken as (update feeds f set lease_until = $2 from picked p where f.id = p.id returning f.id)
  select ${FEED_COLUMNS} from taken join feeds f on f.id = taken.id join origins o on o.origin = f.origin`;

/** $1 now, $2 until when, $3 limit. */
const CLAIM_DUE = /* sql */ `
  with ${chosenOf(LOOK_AT)},
  picked as (select id, origin, exempt from chosen order by next_poll_at, id limit $3),
  ${TAKE}`;

/** $1 now, $2 until when, $3 the feed. */
const CLAIM_ONE = /* sql */ `
  with picked as (
    select f.id, f.origin, o.exempt from feeds f join origins o on o.origin = f.origin
     where f.id = $3 and coalesce(f.lease_until, '-infinity') <= $1 and (o.exempt or o.free_at <= $1)),
  ${TAKE}`;
