import type { FeedId, PostId, SightingId } from '../ids.js';
import { keyedEntry, KEYS_VERSION } from '../posts/entry-keys.js';
import { newPostOf } from '../posts/new-post.js';
import type { Entry } from '../posts/post.js';
import { articleKeys } from '../posts/same/article-keys.js';
import { featuresOf } from '../posts/same/features.js';
import { feedKeys } from './known-entries.js';
import { mapInTurns } from '../turns.js';
import { rows, urlOrNull, type Db } from './rows.js';

/** So many entries are held in memory at once. */
const SLICE = 50;

/**
 * Makes the keys of a feed's entries, and of the posts that it brought, as this release makes them. Known by what they
 * show now: what they were called before is forgotten, which matters only if they are called so again.
 */
export async function rekey(db: Db, feedId: FeedId): Promise<void> {
  await rows(db, FORGET, [feedId]);
  let after = '0';
  for (;;) {
    const stored = await rows<StoredEntry>(db, ENTRIES, [feedId, after, SLICE]);
    const last = stored.at(-1);
    if (!last) break;
    after = last.seq;
    const own = (await mapInTurns(stored, ownKeys)).flat();
    const shared = (await mapInTurns(stored, sharedKeys)).flat();
    await rows(db, SAVE, [
      ...[feedId, own.map(({ key }) => key), own.map(({ id }) => id)],
      ...[shared.map(({ key }) => key), shared.map(({ id }) => id)],
    ]);
  }
  await rows(db, DONE, [feedId, KEYS_VERSION]);
}

interface StoredEntry {
  seq: string;
  id: SightingId;
  post_id: PostId;
  guid: string | null;
  link: string | null;
  title: string;
  body: string;
  published_at: Date | null;
  leads: boolean;
}

function entryOf({ guid, link, title, body, published_at: publishedAt }: StoredEntry): Entry {
  const unkeyed = { author: null, updatedAt: null, imageUrl: null, tags: [] };
  return { ...unkeyed, guid, link: urlOrNull(link), title, text: body, publishedAt };
}

interface KeyOf<Id> {
  readonly key: Buffer | string;
  readonly id: Id;
}

function ownKeys(stored: StoredEntry): KeyOf<SightingId>[] {
  return feedKeys(keyedEntry(entryOf(stored)).keys).map((key) => ({ key, id: stored.id }));
}

function sharedKeys(stored: StoredEntry): KeyOf<PostId>[] {
  if (!stored.leads) return [];
  const post = newPostOf(entryOf(stored));
  return articleKeys(post.title, featuresOf(post)).map((key) => ({ key: String(key), id: stored.post_id }));
}

const FORGET = 'delete from entry_keys where feed_id = $1';
const DONE = 'update feeds set keys_version = $2 where id = $1';

/** A post belongs to the feed that brought it first. */
const ENTRIES = /* sql */ `
  select s.seq::text, s.id, s.post_id, s.guid, s.link, s.title, p.body, s.published_at,
         s.seq = (select min(seq) from sightings where post_id = p.id) as leads
    from sightings s join posts p on p.id = s.post_id
   where s.feed_id = $1 and s.seq > $2::bigint order by s.seq limit $3`;

const SAVE = /* sql */ `
  with own as (
    insert into entry_keys (feed_id, key, sighting_id)
    select $1, k.key, k.id from unnest($2::bytea[], $3::uuid[]) as k (key, id) on conflict do nothing),
  forgotten as (delete from article_keys where post_id = any ($5::uuid[]))
  insert into article_keys (key, post_id, seen_at)
  select k.key, p.id, p.first_seen_at from unnest($4::bigint[], $5::uuid[]) as k (key, id) join posts p on p.id = k.id`;
