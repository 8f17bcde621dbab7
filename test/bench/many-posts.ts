import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { FeedId } from '../../src/ids.js';
import { keyedEntry } from '../../src/posts/entry-keys.js';
import { newPostOf } from '../../src/posts/new-post.js';
import type { Entry } from '../../src/posts/post.js';
import { articleKeys } from '../../src/posts/same/article-keys.js';
import { featuresOf } from '../../src/posts/same/features.js';
import { feedKeys } from '../../src/store/known-entries.js';

export const POSTS_PER_FEED = 50;
const AT_ONCE = 5_000;
const FIRST = Date.UTC(2024, 0, 1);
const WORDS = 20_000;
const TEXT_WORDS = 60;
const FOOTER =
  'Read the whole article on our site, subscribe to our newsletter, and follow us for more news like this.';

/** Numbers that look random and are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Few words are frequent and many are rare, as in any language. */
function words(random: () => number, count: number): string {
  return Array.from({ length: count }, () => `w${Math.floor(WORDS ** random()).toString(36)}`).join(' ');
}

export function feedUrl(feed: number): URL {
  return new URL(`https://site${String(feed)}.example/feed.xml`);
}

/** The n-th article of a site. Every fifth site ends its texts with the same words. */
export function articleOf(feed: number, number: number): Entry {
  const random = randomFrom(feed * 1_009 + number);
  const link = new URL(
    `https://site${String(feed)}.example/${String(number)}/${words(random, 3).replaceAll(' ', '-')}`,
  );
  return {
    guid: `tag:site${String(feed)}.example,2026:${String(number)}`,
    link,
    title: number % 10 === 0 ? `Weekly links` : words(random, 8),
    author: null,
    text: `${words(random, TEXT_WORDS)}.${feed % 5 === 0 ? ` ${FOOTER}` : ''}`,
    publishedAt: new Date(FIRST + (feed * 7_919 + number * 86_400) * 1_000),
    updatedAt: null,
    imageUrl: null,
    tags: [],
  };
}

interface Stored {
  readonly feedId: FeedId;
  readonly entry: Entry;
}

/** Fills the tables with all articles of these sites, with the keys that the product would store. */
export async function fill(pool: Pool, sites: readonly number[]): Promise<void> {
  const perBatch = AT_ONCE / POSTS_PER_FEED;
  for (let at = 0; at < sites.length; at += perBatch) {
    const feeds = sites.slice(at, at + perBatch);
    const ids = await addFeeds(pool, feeds);
    const stored = feeds.flatMap((each) =>
      Array.from({ length: POSTS_PER_FEED }, (_, number) => ({
        feedId: ids.get(feedUrl(each).href) ?? ('' as FeedId),
        entry: articleOf(each, number),
      })),
    );
    await insert(pool, stored);
  }
}

async function addFeeds(pool: Pool, feeds: readonly number[]): Promise<ReadonlyMap<string, FeedId>> {
  const urls = feeds.map((feed) => feedUrl(feed));
  await pool.query(
    `insert into origins (origin, domain) select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
    [urls.map(({ origin }) => origin), urls.map(({ host }) => host)],
  );
  const { rows } = await pool.query<{ id: FeedId; url: string }>(
    `insert into feeds (url, origin, added_at, next_poll_at, primed_at)
     select url, origin, now(), now(), now() from unnest($1::text[], $2::text[]) as f (url, origin) returning id, url`,
    [urls.map(({ href }) => href), urls.map(({ origin }) => origin)],
  );
  return new Map(rows.map(({ id, url }) => [url, id]));
}

async function insert(pool: Pool, stored: readonly Stored[]): Promise<void> {
  const rows = stored.map(({ feedId, entry }) => {
    const { keys } = keyedEntry(entry);
    const post = newPostOf(entry);
    return {
      row: {
        id: randomUUID(),
        sighting: randomUUID(),
        feed_id: feedId,
        ...shown(entry),
        hash: keys.content.toString('hex'),
      },
      feedKeys: feedKeys(keys),
      articleKeys: articleKeys(post.title, featuresOf(post)),
    };
  });
  await pool.query(INSERT, [JSON.stringify(rows.map(({ row }) => row))]);
  const own = rows.flatMap(({ row, feedKeys: keys }) => keys.map((key) => [row.feed_id, key, row.sighting] as const));
  await pool.query(ENTRY_KEYS, [own.map(([id]) => id), own.map(([, key]) => key), own.map(([, , id]) => id)]);
  const shared = rows.flatMap(({ row, articleKeys: keys }) => keys.map((key) => [key.toString(), row.id] as const));
  await pool.query(ARTICLE_KEYS, [shared.map(([key]) => key), shared.map(([, id]) => id)]);
}

function shown({ guid, link, title, text, publishedAt }: Entry): object {
  return { guid, url: link?.href ?? null, title, body: text, published_at: publishedAt };
}

const INSERT = /* sql */ `
  with entries as (
    select * from jsonb_to_recordset($1::jsonb) as e (
      id uuid, sighting uuid, feed_id uuid, guid text, url text, title text, body text, published_at timestamptz,
      hash text)),
  new_posts as (
    insert into posts (id, title, url, body, tags, published_at, first_seen_at)
    select id, title, url, body, '{}', published_at, published_at from entries)
  insert into sightings (id, feed_id, post_id, guid, link, title, published_at, content_hash, first_seen_at,
                         announced, matched_at)
  select sighting, feed_id, id, guid, url, title, published_at, decode(hash, 'hex'), published_at, false, now()
    from entries`;
const ENTRY_KEYS = /* sql */ `
  insert into entry_keys (feed_id, key, sighting_id)
  select * from unnest($1::uuid[], $2::bytea[], $3::uuid[]) on conflict do nothing`;
const ARTICLE_KEYS = /* sql */ `
  insert into article_keys (key, seen_at, post_id)
  select k.key, p.published_at, k.id from unnest($1::bigint[], $2::uuid[]) as k (key, id) join posts p using (id)`;
