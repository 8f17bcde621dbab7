import { randomUUID } from 'node:crypto';
import type { PostId, SightingId } from '../ids.js';
import type { Feed } from '../feeds/feed.js';
import type { EntryKeys } from '../posts/entry-keys.js';
import type { Arrival, SameBy } from '../posts/decision.js';
import { fingerprintOf } from '../posts/fingerprint.js';
import { SHOWN_OF_A_BURST } from '../deliveries/digest.js';
import type { Fresh } from '../posts/identity/settle-entries.js';
import { newPostOf } from '../posts/new-post.js';
import type { Entry } from '../posts/post.js';
import type { Coming } from './arrival.js';
import { findArticles, lockArticles, withArticleKeys, type Keyed } from './find-articles.js';
import { toJson } from './json.js';
import { feedKeys } from './known-entries.js';
import { wantPictures } from './pages.js';
import { inParts } from './parts.js';
import { rows, type Db, type Session } from './rows.js';

export interface AddedSighting {
  readonly id: SightingId;
  readonly entry: Entry;
  /** No other feed has brought the article. */
  readonly isNewPost: boolean;
}

/** Stores them in the given order, which is the order they are told in, each tied to its post. */
export async function addSightings(
  { db, leave }: Session,
  feed: Feed,
  fresh: readonly Fresh[],
  coming: Coming,
): Promise<AddedSighting[]> {
  if (fresh.length === 0) return [];
  const articles = await withArticleKeys(fresh);
  // A backlog announces nothing, so it need not wait for others that bring the same.
  if (feed.primedAt) leave(lockArticles(db, articles));
  const elsewhere = await findArticles(db, feed.id, articles);
  const sightings = articles.map((one): Sighting => {
    const found = elsewhere.get(one);
    const ids = { id: randomUUID() as SightingId, postId: found?.id ?? (randomUUID() as PostId) };
    return { ...one, ...ids, isNewPost: found === undefined, sameBy: found?.by ?? null };
  });
  const parts = inParts(sightings);
  for (const part of parts.slice(0, -1)) await insert(db, feed, part, coming);
  for (const part of parts.slice(-1)) leave(insert(db, feed, part, coming));
  // Of a burst only the newest are shown with a picture.
  const shown = coming.burst === null ? sightings : sightings.slice(-SHOWN_OF_A_BURST);
  const pictureless = coming.fate === 'announced' ? shown.filter((one) => wantsPicture(feed, one)) : [];
  leave(
    wantPictures(
      db,
      pictureless.map(({ id }) => id),
      coming.now,
    ),
  );
  return sightings.map(({ id, entry, isNewPost }) => ({ id, entry, isNewPost }));
}

interface Sighting extends Keyed<Fresh>, AddedSighting {
  readonly postId: PostId;
  readonly sameBy: SameBy | null;
}

async function insert(db: Db, feed: Feed, sightings: readonly Sighting[], coming: Coming): Promise<void> {
  const entries = sightings.map((one) => {
    const { id, postId, isNewPost, entry, keys } = one;
    const { title: postTitle, url, author, text, tags, imageUrl } = newPostOf(entry);
    const { guid, link, title, publishedAt, updatedAt } = entry;
    const dates = { published_at: publishedAt, updated_at: updatedAt };
    const shown = { guid, link, title, ...dates, content_hash: keys.content.toString('hex') };
    const post = { post_title: postTitle, url, author, body: text, tags, image_url: imageUrl };
    const decided = { fingerprint: fingerprintOf(entry).toString('hex'), decision: arrivalOf(coming, one) };
    return { id, post_id: postId, is_new_post: isNewPost, ...shown, ...decided, ...(isNewPost && post) };
  });
  const shared = sightings.flatMap((one) => one.articleKeys.map((key) => ({ key: key.toString(), id: one.postId })));
  const own = sightings.flatMap(({ id, keys, copies }) =>
    [keys, ...copies].flatMap((each: EntryKeys) => feedKeys(each).map((key) => ({ key, id }))),
  );
  await rows(db, INSERT, [
    ...[toJson(entries), feed.id, coming.now, coming.fate === 'announced'],
    ...[shared.map(({ key }) => key), shared.map(({ id }) => id), own.map(({ key }) => key), own.map(({ id }) => id)],
    coming.burst,
  ]);
}

function arrivalOf({ fate }: Coming, { sameBy, copies }: Sighting): Arrival {
  return { fate, sameBy, copies: copies.length };
}

/** A post that another feed brought has been told. */
function wantsPicture({ settings }: Feed, { isNewPost, entry }: Sighting): boolean {
  return settings.pagePictures && isNewPost && entry.link !== null && entry.imageUrl === null;
}

/** One statement: the order of the entries is the order of `seq`. */
const INSERT = /* sql */ `
  with entries as (
    select e.*, o.number from jsonb_array_elements($1::jsonb) with ordinality as o (element, number),
      jsonb_to_record(o.element) as e (
        id uuid, post_id uuid, is_new_post boolean, guid text, link text, title text, published_at timestamptz,
        updated_at timestamptz, content_hash text, fingerprint text, decision jsonb, post_title text, url text, author text, body text, tags text[], image_url text)),
  new_posts as (
    insert into posts (id, title, url, author, body, tags, image_url, published_at, first_seen_at)
    select post_id, post_title, url, author, body, tags, image_url, published_at, $3::timestamptz
      from entries where is_new_post order by number),
  new_sightings as (
    insert into sightings (id, feed_id, post_id, guid, link, title, published_at, updated_at, content_hash, fingerprint, decision,
                           first_seen_at, announced, matched_at, burst)
    select id, $2, post_id, guid, link, title, published_at, updated_at, decode(content_hash, 'hex'),
           decode(fingerprint, 'hex'), decision, $3::timestamptz, $4,
           case when $4 then null else $3::timestamptz end, $9::uuid
      from entries order by number),
  shared as (
    insert into article_keys (key, post_id, seen_at)
    select k.key, k.post_id, $3::timestamptz from unnest($5::bigint[], $6::uuid[]) as k (key, post_id)
     -- As an array, so that no plan reads all keys for it.
     where k.key <> all (array(select a.key from article_keys a where a.post_id = k.post_id)))
  insert into entry_keys (feed_id, key, sighting_id)
  select $2, k.key, k.id from unnest($7::bytea[], $8::uuid[]) as k (key, id) on conflict do nothing`;

/** Channels are told in the order of publication. Feeds list the newest first; dates decide where all have one. */
export function oldestFirst(fresh: readonly Fresh[]): Fresh[] {
  const reversed = [...fresh].reverse();
  const time = ({ entry }: Fresh) => entry.publishedAt?.getTime() ?? null;
  if (reversed.some((one) => time(one) === null)) return reversed;
  return reversed.sort((a, b) => (time(a) ?? 0) - (time(b) ?? 0));
}
