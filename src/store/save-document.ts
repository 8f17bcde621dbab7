import type { PostId, SightingId } from '../ids.js';
import type { Pool } from 'pg';
import type { Feed } from '../feeds/feed.js';
import type { PollRecord, ReadDocument, SavedPoll } from '../feeds/feed-store.js';
import { newPostOf } from '../posts/new-post.js';
import { entryKeys, type EntryKeys } from '../posts/entry-keys.js';
import { settleEntries, type KnownEntry, type Settled } from '../posts/identity.js';
import { articleKeys, sameArticle } from '../posts/same-article.js';
import type { Entry } from '../posts/post.js';
import { recordColumns } from './poll-record.js';
import { row, rows, transaction, type Db } from './rows.js';

export interface Poll {
  readonly feed: Feed;
  readonly document: ReadDocument;
  readonly record: PollRecord;
  readonly now: Date;
}

/** What is new in the document, and the validators that would hide it next time, in one transaction. */
export function saveDocument(pool: Pool, poll: Poll): Promise<SavedPoll> {
  return transaction(pool, async (db) => {
    // A poller that was slower than its lease waits here and then finds the entries known.
    await db.query('select from feeds where id = $1 for update', [poll.feed.id]);
    const settled = settleEntries(poll.document.entries, await knownEntries(db, poll));
    const known = settled.filter((one) => one.kind === 'known');
    for (const one of known.filter(hasChanged)) await refresh(db, poll, one);
    const fresh = oldestFirst(settled.filter((one) => one.kind === 'new'));
    await lockArticles(db, poll, fresh);
    const saved = [];
    for (const one of fresh) saved.push(await saveSighting(db, poll, one));

    const newPosts = saved.filter(({ isNewPost }) => isNewPost).length;
    await savePolled(db, poll, newPosts > 0);
    return {
      sightings: poll.feed.primedAt ? saved.map(({ id }) => id) : [],
      entries: settled.length,
      newPosts,
      withheld: {
        rebuilt: known.filter(({ renamed }) => renamed).length,
        elsewhere: saved.length - newPosts,
      },
    };
  });
}

type Fresh = Extract<Settled<never>, { kind: 'new' }>;
type Known = Extract<Settled<Stored>, { kind: 'known' }>;

interface Stored {
  readonly id: SightingId;
  readonly postId: PostId;
  readonly contentHash: string;
}

interface KnownRow {
  id: SightingId;
  post_id: PostId;
  title: string;
  published_at: Date | null;
  content_hash: Buffer;
  keys: Buffer[];
}

/** Stored entries that share any key with the document, each with all its keys. */
async function knownEntries(db: Db, { feed, document }: Poll): Promise<KnownEntry<Stored>[]> {
  const keys = document.entries.flatMap((entry) => feedKeys(entryKeys(entry)));
  const found = await rows<KnownRow>(db, KNOWN, [feed.id, keys]);
  return found.map((one) => ({
    ref: { id: one.id, postId: one.post_id, contentHash: one.content_hash.toString('hex') },
    keys: new Set(one.keys.map((key) => key.toString('hex'))),
    title: one.title,
    publishedAt: one.published_at,
  }));
}

const KNOWN = /* sql */ `
  select s.id, s.post_id, s.title, s.published_at, s.content_hash,
         array(select key from entry_keys where sighting_id = s.id) as keys
    from sightings s
   where s.id in (select sighting_id from entry_keys where feed_id = $1 and key = any ($2::bytea[]))
   order by s.seq`;

/** Keys by which a feed's entry is known again. */
function feedKeys(keys: EntryKeys): Buffer[] {
  return [keys.guid, keys.link, keys.title, keys.titleDate, keys.content].filter((key) => key !== null);
}

function hasChanged({ stale, keys, ref }: Known): boolean {
  return stale || keys.content.toString('hex') !== ref.contentHash;
}

/** An entry as the feed shows it now. The post follows the feed that brought it first. */
async function refresh(db: Db, { feed }: Poll, { entry, keys, ref }: Known): Promise<void> {
  await db.query(REFRESH, [ref.id, ...sightingColumns(entry, keys)]);
  await addEntryKeys(db, feed, ref.id, keys);
  await db.query(REFRESH_POST, [ref.id, ref.postId, ...postColumns(entry)]);
}

const REFRESH = /* sql */ `
  update sightings set guid = $2, link = $3, title = $4, published_at = $5, content_hash = $6 where id = $1`;

const REFRESH_POST = /* sql */ `
  update posts set title = $3, url = $4, author = $5, body = $6, tags = $7, image_url = $8, published_at = $9
   where id = $2 and $1 = (select id from sightings where post_id = $2 order by seq limit 1)`;

/**
 * Two feeds that bring one article at the same moment must not both find that nobody has it: whoever comes second
 * waits here until the first has stored it. A backlog announces nothing, so it need not wait.
 */
async function lockArticles(db: Db, { feed }: Poll, fresh: readonly Fresh[]): Promise<void> {
  if (!feed.primedAt) return;
  const keys = fresh.flatMap((one) => sharedKeys(one)).map((key) => key.readBigInt64BE().toString());
  await db.query(
    'select pg_advisory_xact_lock(key) from (select distinct unnest($1::bigint[]) as key order by 1) as keys',
    [keys],
  );
}

function sharedKeys({ entry, keys }: Fresh): Buffer[] {
  const { link, content } = articleKeys(entry, keys);
  return [link, content].filter((key) => key !== null);
}

interface Saved {
  readonly id: SightingId;
  readonly isNewPost: boolean;
}

async function saveSighting(db: Db, poll: Poll, one: Fresh): Promise<Saved> {
  const elsewhere = await findArticle(db, poll, one);
  const postId = elsewhere ?? (await addPost(db, poll, one));
  await db.query('insert into article_keys (key, post_id) select unnest($1::bytea[]), $2 on conflict do nothing', [
    sharedKeys(one),
    postId,
  ]);
  const values = [poll.feed.id, postId, ...sightingColumns(one.entry, one.keys), poll.now, poll.feed.primedAt !== null];
  const added = await row<{ id: SightingId }>(db, ADD_SIGHTING, values);
  if (!added) throw new Error('a sighting was not stored');
  for (const keys of [one.keys, ...one.copies]) await addEntryKeys(db, poll.feed, added.id, keys);
  return { id: added.id, isNewPost: elsewhere === null };
}

const ADD_SIGHTING = /* sql */ `
  insert into sightings (feed_id, post_id, guid, link, title, published_at, content_hash, first_seen_at, announced,
                         matched_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $9 then null else $8::timestamptz end)
  returning id`;

/** The post of another feed that this entry is a copy of, or null. */
async function findArticle(db: Db, { feed }: Poll, one: Fresh): Promise<PostId | null> {
  const { link, content } = articleKeys(one.entry, one.keys);
  const found = await rows<CandidateRow>(db, FIND_ARTICLE, [link, content, feed.id]);
  const match = found.find(({ title, published_at: publishedAt, via }) =>
    sameArticle(one.entry, { title, publishedAt, via }),
  );
  return match?.id ?? null;
}

interface CandidateRow {
  id: PostId;
  title: string;
  published_at: Date | null;
  via: 'link' | 'content';
}

/** Within one feed, entries that identity calls new are different articles whatever they share. */
const FIND_ARTICLE = /* sql */ `
  select p.id, p.title, p.published_at, case when k.key = $1 then 'link' else 'content' end as via
    from article_keys k join posts p on p.id = k.post_id
   where k.key in ($1, $2)
     and not exists (select from sightings s where s.post_id = p.id and s.feed_id = $3)
   order by p.first_seen_at, p.id`;

async function addPost(db: Db, { now }: Poll, { entry }: Fresh): Promise<PostId> {
  const added = await row<{ id: PostId }>(db, ADD_POST, [...postColumns(entry), now]);
  if (!added) throw new Error('a post was not stored');
  return added.id;
}

const ADD_POST = /* sql */ `
  insert into posts (title, url, author, body, tags, image_url, published_at, first_seen_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  returning id`;

/** title, url, author, body, tags, image_url, published_at. */
function postColumns(entry: Entry): unknown[] {
  const post = newPostOf(entry);
  return [
    post.title,
    post.url?.href ?? null,
    post.author,
    post.text,
    post.tags,
    post.imageUrl?.href ?? null,
    post.publishedAt,
  ];
}

/** guid, link, title, published_at, content_hash. */
function sightingColumns(entry: Entry, keys: EntryKeys): unknown[] {
  return [entry.guid, entry.link?.href ?? null, entry.title, entry.publishedAt, keys.content];
}

async function addEntryKeys(db: Db, feed: Feed, id: SightingId, keys: EntryKeys): Promise<void> {
  await db.query(
    'insert into entry_keys (feed_id, key, sighting_id) select $1, unnest($2::bytea[]), $3 on conflict do nothing',
    [feed.id, feedKeys(keys), id],
  );
}

async function savePolled(db: Db, { feed, document, record, now }: Poll, hasNews: boolean): Promise<void> {
  const values = [feed.id, now, ...recordColumns(record), document.title, document.siteUrl?.href ?? null];
  await db.query(SAVE_POLLED, [...values, document.bodyHash, hasNews]);
}

const SAVE_POLLED = /* sql */ `
  update feeds set last_polled_at = $2::timestamptz, next_poll_at = $3, etag = $4, last_modified = $5, failures = $6, trouble = $7,
         not_before = $8, title = coalesce($9, title), site_url = coalesce($10, site_url), body_hash = $11,
         last_new_at = case when $12 then $2::timestamptz else last_new_at end, primed_at = coalesce(primed_at, $2::timestamptz),
         lease_until = null
   where id = $1`;

/** Channels are told in the order of publication. Feeds list the newest first; dates decide where all have one. */
function oldestFirst(fresh: readonly Fresh[]): Fresh[] {
  const reversed = [...fresh].reverse();
  const time = ({ entry }: Fresh) => entry.publishedAt?.getTime() ?? null;
  if (reversed.some((one) => time(one) === null)) return reversed;
  return reversed.sort((a, b) => (time(a) ?? 0) - (time(b) ?? 0));
}
