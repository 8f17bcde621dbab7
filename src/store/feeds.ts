import type { FeedId } from '../ids.js';
import type { Pool } from 'pg';
import type { Feed } from '../feeds/feed.js';
import type { FeedStore, FeedView, NewFeed } from '../feeds/feed-store.js';
import { originOf } from '../feeds/schedule/origin.js';
import type { IdentityMode } from '../posts/identity/mode.js';
import { createFeedClaims } from './claim-feeds.js';
import { createDocumentSaver } from './document-saver.js';
import { windowDigests } from './feed-window.js';
import { createGroups } from './groups.js';
import { FEED_COLUMNS, feedOf, type FeedRow } from './feed-rows.js';
import { createOutcomeSaver } from './save-outcome.js';
import { row, rows, urlOrNull } from './rows.js';

/** Hosts of the operator's own need no courtesy. */
export type IsExempt = (url: URL) => boolean;

export interface StoredFeeds extends FeedStore {
  /**
   * To be called before polling starts: applies today's allow-list to the origins that are stored, and spreads what fell
   * due while nobody polled, so that a start after a long pause is no stampede.
   */
  readonly prepare: (now: Date) => Promise<void>;
}

export function createFeedStore(pool: Pool, isExempt: IsExempt): StoredFeeds {
  const one = async (where: string, value: unknown): Promise<Feed | null> => {
    const stored = await row<FeedRow>(pool, `${SELECT} where ${where}`, [value]);
    return stored && feedOf(stored);
  };
  return {
    ...createFeedClaims(pool),
    window: createGroups((ids: readonly FeedId[]) => windowDigests(pool, ids)),
    neighbours: async (feed, now) => {
      const found = await row<{ resting: number; throttled: number }>(pool, NEIGHBOURS, [feed.id, now]);
      return { restingFeeds: found?.resting ?? 0, throttledOrigins: found?.throttled ?? 0 };
    },
    saveDocument: createDocumentSaver(pool),
    saveOutcome: createOutcomeSaver(pool),
    add: async (feeds, dueAt, now) => {
      const columns = [feeds.map(({ url }) => url.href), feeds.map(({ title }) => title)];
      const places = originColumns(feeds, isExempt);
      const added = await rows<AddedRow>(pool, ADD, [...columns, ...places, now, dueAt]);
      return added.map(({ id, url, title }) => ({ id, url: new URL(url), title }));
    },
    set: async (id, { everyMs, ...switches }) => {
      const { verifyTls, pagePictures, announceOld, repostUpdates } = switches;
      const given = [verifyTls, pagePictures, announceOld, repostUpdates].map((one) => one ?? null);
      await pool.query(SET, [id, everyMs !== undefined, everyMs ?? null, ...given]);
    },
    hasten: async (ids, now) => {
      await pool.query('update feeds set next_poll_at = $2 where id = any($1) and next_poll_at > $2', [ids, now]);
    },
    get: (id) => one('f.id = $1', id),
    byUrl: (url) => one('f.url = $1', url.href),
    remove: async (id) => {
      await pool.query('delete from feeds where id = $1', [id]);
    },
    list: async () => (await rows<ViewRow>(pool, LIST, [])).map(viewOf),
    prepare: async (now) => {
      await settleOrigins(pool, isExempt);
      await rows(pool, SPREAD_OVERDUE, [now]);
    },
  };
}

async function settleOrigins(pool: Pool, isExempt: IsExempt): Promise<void> {
  const stored = await rows<{ origin: string }>(pool, 'select origin from origins', []);
  const urls = stored.map(({ origin }) => ({ url: new URL(origin) }));
  await rows(pool, SETTLE_ORIGINS, originColumns(urls, isExempt));
}

/** Over ten minutes at most, less when they are few; always in the same order, so that another start changes little. */
const SPREAD_OVERDUE = /* sql */ `
  with overdue as (
    select id, ('x' || substr(md5(id::text), 1, 8))::bit(32)::bigint / 4294967296.0 as place, count(*) over () as total
      from feeds where next_poll_at < $1::timestamptz - interval '10 minutes')
  update feeds f
     set next_poll_at = $1::timestamptz + o.place * least(interval '10 minutes', o.total * interval '20 milliseconds')
    from overdue o where f.id = o.id`;

interface AddedRow {
  id: FeedId;
  url: string;
  title: string | null;
}

/** origin, domain, exempt: arrays of one length. */
function originColumns(feeds: readonly Pick<NewFeed, 'url'>[], isExempt: IsExempt): unknown[] {
  const places = feeds.map(({ url }) => ({ ...originOf(url), exempt: isExempt(url) }));
  return [places.map(({ origin }) => origin), places.map(({ domain }) => domain), places.map(({ exempt }) => exempt)];
}

const SELECT = /* sql */ `select ${FEED_COLUMNS} from feeds f join origins o on o.origin = f.origin`;

const SETTLE_ORIGINS = /* sql */ `
  update origins o set domain = n.domain, exempt = n.exempt
    from unnest($1::text[], $2::text[], $3::boolean[]) as n (origin, domain, exempt)
   where o.origin = n.origin and (o.domain, o.exempt) is distinct from (n.domain, n.exempt)`;

const ADD = /* sql */ `
  with given as (
    select distinct on (url) * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[])
      as g (url, title, origin, domain, exempt)),
  places as (
    insert into origins (origin, domain, exempt) select distinct on (origin) origin, domain, exempt from given
    on conflict (origin) do update set domain = excluded.domain, exempt = excluded.exempt
    returning origin)
  insert into feeds (url, title, origin, added_at, next_poll_at)
  select url, title, origin, $6::timestamptz, $7::timestamptz from given join places using (origin)
  on conflict do nothing
  returning id, url, title`;

const SET = /* sql */ `
  update feeds set every_ms = case when $2 then $3::integer else every_ms end, verify_tls = coalesce($4, verify_tls),
         page_pictures = coalesce($5, page_pictures), announce_old = coalesce($6, announce_old),
         repost_updates = coalesce($7, repost_updates),
         next_poll_at = case when next_poll_at is not null and $3 is not null
           then least(next_poll_at, coalesce(last_polled_at, added_at) + $3::integer * interval '1 millisecond')
           else next_poll_at end
   where id = $1`;

const NEIGHBOURS = /* sql */ `
  select (select count(*)::int from feeds n where n.origin = f.origin and n.id <> f.id and n.not_before > $2) as resting,
         (select count(*)::int from origins n
           where n.domain = o.domain and n.origin <> o.origin and n.throttled_at > $2::timestamptz - interval '10 minutes')
           as throttled
    from feeds f join origins o on o.origin = f.origin where f.id = $1`;

interface ViewRow extends FeedRow {
  trouble: string | null;
  posts: number;
  subscriptions: number;
  site_url: string | null;
  identity_mode: IdentityMode | null;
  added_at: Date;
}

const LIST = /* sql */ `
  select ${FEED_COLUMNS}, f.trouble, f.site_url, f.added_at, f.identity_mode,
         (select count(*)::int from sightings s where s.feed_id = f.id) as posts,
         (select count(*)::int from subscriptions s where s.feed_id = f.id) as subscriptions
    from feeds f join origins o on o.origin = f.origin order by lower(coalesce(f.title, f.url)), f.url`;

function viewOf(stored: ViewRow): FeedView {
  const { trouble, posts, subscriptions, added_at: addedAt, identity_mode: identityMode } = stored;
  const siteUrl = urlOrNull(stored.site_url);
  return { ...feedOf(stored), trouble, posts, subscriptions, siteUrl, addedAt, identityMode };
}
