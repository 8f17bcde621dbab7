import type { Pool, PoolClient } from 'pg';
import { feedUrl } from './many-posts.js';

const TABLES = ['posts', 'sightings', 'entry_keys', 'article_keys'];
/** Sites written at a time. */
const AT_ONCE = 2_000;

/**
 * Stores sites `copies` as copies of sites `originals`, which stand. Posts, entries and keys of a feed are copied row by
 * row under other ids and hosts, with later dates. Of the keys by which feeds find each other's articles those that
 * several of the originals share are kept, so that they are shared by as large a part of the posts; all others are random.
 */
export async function multiply(pool: Pool, originals: readonly number[], copies: readonly number[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(SETTINGS);
    const indexes = await dropIndexes(client);
    await client.query(SHARED_KEYS);
    for (let at = 0; at < copies.length; at += AT_ONCE) {
      const numbers = copies.slice(at, at + AT_ONCE);
      const of = numbers.map((_, index) => originals[(at + index) % originals.length] ?? 0);
      await client.query('delete from copied_feeds');
      await client.query(COPIED_FEEDS, [numbers, of, of.map((each) => feedUrl(each).href)]);
      for (const statement of COPY) await client.query(statement);
    }
    for (const index of indexes) await client.query(index);
  } finally {
    // Its settings are not for the measured part.
    client.release(true);
  }
}

const SETTINGS = /* sql */ `
  set synchronous_commit = off;
  set session_replication_role = replica;
  set maintenance_work_mem = '512MB';
  set work_mem = '128MB'`;

/** Those that no other table relies on. Returns the statements that make them again. */
async function dropIndexes(client: PoolClient): Promise<readonly string[]> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(INDEXES, [TABLES]);
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  await client.query('alter table entry_keys drop constraint entry_keys_pkey');
  return [
    ...indexes.map(({ definition }) => definition),
    'alter table entry_keys add primary key (feed_id, key, sighting_id)',
  ];
}

const INDEXES = /* sql */ `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i where i.indrelid = any ($1::regclass[]) and not i.indisprimary`;

const SHARED_KEYS = /* sql */ `
  create temp table shared_keys as select key from article_keys group by key having count(*) > 1;
  create temp table original_keys as
    select post_id, key, seen_at, key in (select key from shared_keys) as shared from article_keys;
  create temp table copied_feeds (
    number integer not null, original integer not null, feed_id uuid not null, url text not null);
  create index on original_keys (post_id);
  create index on copied_feeds (feed_id);
  create temp table original_sightings as select * from sightings;
  create temp table original_entry_keys as select * from entry_keys;
  create temp table original_posts as select * from posts;
  analyze original_keys, original_sightings, original_entry_keys, original_posts`;

const COPIED_FEEDS = /* sql */ `
  insert into copied_feeds
  select n.number, n.original, f.id, f.url
    from unnest($1::int[], $2::int[], $3::text[]) as n (number, original, url) join feeds f using (url)`;

const ID = (column: string) => `md5(${column}::text || c.number)::uuid`;
const SITE = (column: string) =>
  `replace(${column}, 'site' || c.original || '.example', 'site' || c.number || '.example')`;
const LATER = (column: string) => `${column} + (c.number - c.original) * interval '7919 seconds'`;

const COPY = [
  /* sql */ `
  insert into origins (origin, domain)
  select 'https://site' || number || '.example', 'site' || number || '.example' from copied_feeds
      on conflict do nothing`,
  /* sql */ `
  insert into feeds (id, url, origin, added_at, next_poll_at, primed_at)
  select ${ID('c.feed_id')}, ${SITE('c.url')}, 'https://site' || c.number || '.example', now(), now(), now()
    from copied_feeds c`,
  /* sql */ `
  insert into posts (id, title, url, body, tags, published_at, first_seen_at)
  select ${ID('p.id')}, p.title, ${SITE('p.url')}, p.body, p.tags, ${LATER('p.published_at')}, ${LATER('p.first_seen_at')}
    from copied_feeds c join original_sightings s using (feed_id) join original_posts p on p.id = s.post_id`,
  /* sql */ `
  insert into sightings (id, feed_id, post_id, guid, link, title, published_at, content_hash, first_seen_at,
                         announced, matched_at)
  select ${ID('s.id')}, ${ID('c.feed_id')}, ${ID('s.post_id')}, ${SITE('s.guid')}, ${SITE('s.link')}, s.title,
         ${LATER('s.published_at')}, s.content_hash, ${LATER('s.first_seen_at')}, s.announced, s.matched_at
    from copied_feeds c join original_sightings s using (feed_id)`,
  /* sql */ `
  insert into entry_keys (feed_id, key, sighting_id)
  select ${ID('c.feed_id')}, k.key, ${ID('k.sighting_id')}
    from copied_feeds c join original_entry_keys k using (feed_id)`,
  /* sql */ `
  insert into article_keys (key, seen_at, post_id)
  select case when k.shared then k.key else hashint8extended(k.key, c.number) end, ${LATER('k.seen_at')}, ${ID('k.post_id')}
    from copied_feeds c join original_sightings s using (feed_id) join original_keys k on k.post_id = s.post_id`,
];
