import type { FeedId } from '../ids.js';
import type { Pool } from 'pg';
import type { Feed } from '../feeds/feed.js';
import type { FeedStore, FeedView } from '../feeds/feed-store.js';
import { saveDocument } from './save-document.js';
import { recordColumns } from './poll-record.js';
import { row, rows } from './rows.js';

export function createFeedStore(pool: Pool): FeedStore {
  return {
    due: async (now, limit) => (await rows<{ id: FeedId }>(pool, DUE, [now, limit])).map(({ id }) => id),
    claim: async (id, now, leaseUntil, when) => {
      const stored = await row<FeedRow>(pool, CLAIM, [id, now, leaseUntil, when === 'now']);
      return stored && feedOf(stored);
    },
    saveDocument: (feed, document, record, now) => saveDocument(pool, { feed, document, record, now }),
    saveOutcome: async (feed, record, now) => {
      await pool.query(SAVE_OUTCOME, [feed.id, now, ...recordColumns(record)]);
    },
    add: async (feeds, dueAt, now) => {
      const columns = [feeds.map(({ url }) => url.href), feeds.map(({ title }) => title)];
      const added = await rows<{ id: FeedId; url: string; title: string | null }>(pool, ADD, [...columns, now, dueAt]);
      return added.map(({ id, url, title }) => ({ id, url: new URL(url), title }));
    },
    get: async (id) => {
      const stored = await row<FeedRow>(pool, `select ${COLUMNS} from feeds f where f.id = $1`, [id]);
      return stored && feedOf(stored);
    },
    byUrl: async (url) => {
      const stored = await row<FeedRow>(pool, `select ${COLUMNS} from feeds f where f.url = $1`, [url.href]);
      return stored && feedOf(stored);
    },
    remove: async (id) => {
      await pool.query('delete from feeds where id = $1', [id]);
    },
    list: async () => (await rows<ViewRow>(pool, LIST, [])).map(viewOf),
  };
}

interface FeedRow {
  id: FeedId;
  url: string;
  title: string | null;
  etag: string | null;
  last_modified: string | null;
  body_hash: string | null;
  failures: number;
  next_poll_at: Date;
  not_before: Date | null;
  last_polled_at: Date | null;
  last_new_at: Date | null;
  primed_at: Date | null;
}

interface ViewRow extends FeedRow {
  trouble: string | null;
  posts: number;
  subscriptions: number;
}

const COLUMNS = `f.id, f.url, f.title, f.etag, f.last_modified, f.body_hash, f.failures, f.next_poll_at, f.not_before,
  f.last_polled_at, f.last_new_at, f.primed_at`;

const DUE = /* sql */ `
  select id from feeds where next_poll_at <= $1 and coalesce(lease_until, '-infinity') <= $1
   order by next_poll_at limit $2`;

const CLAIM = /* sql */ `
  update feeds f set lease_until = $3
   where id = $1 and coalesce(lease_until, '-infinity') <= $2 and ($4 or next_poll_at <= $2)
  returning ${COLUMNS}`;

const SAVE_OUTCOME = /* sql */ `
  update feeds set last_polled_at = $2, next_poll_at = $3, etag = $4, last_modified = $5, failures = $6, trouble = $7,
         not_before = $8, lease_until = null
   where id = $1`;

const ADD = /* sql */ `
  insert into feeds (url, title, added_at, next_poll_at)
  select distinct on (url) url, title, $3::timestamptz, $4::timestamptz from unnest($1::text[], $2::text[]) as f(url, title)
  on conflict do nothing
  returning id, url, title`;

const LIST = /* sql */ `
  select ${COLUMNS}, f.trouble,
         (select count(*)::int from sightings s where s.feed_id = f.id) as posts,
         (select count(*)::int from subscriptions s where s.feed_id = f.id) as subscriptions
    from feeds f order by lower(coalesce(f.title, f.url)), f.url`;

function feedOf(stored: FeedRow): Feed {
  return {
    id: stored.id,
    url: new URL(stored.url),
    title: stored.title,
    validators: { etag: stored.etag, lastModified: stored.last_modified },
    bodyHash: stored.body_hash,
    failures: stored.failures,
    nextPollAt: stored.next_poll_at,
    notBefore: stored.not_before,
    lastPolledAt: stored.last_polled_at,
    lastNewAt: stored.last_new_at,
    primedAt: stored.primed_at,
  };
}

function viewOf(stored: ViewRow): FeedView {
  return { ...feedOf(stored), trouble: stored.trouble, posts: stored.posts, subscriptions: stored.subscriptions };
}
