import { randomUUID } from 'node:crypto';
import type { PostId, SightingId } from '../ids.js';
import type { Feed } from '../feeds/feed.js';
import type { Arrival, SameBy } from '../posts/decision.js';
import { fingerprintOf } from '../posts/fingerprint.js';
import { SHOWN_OF_A_BURST } from '../deliveries/digest.js';
import type { Fresh } from '../posts/identity/settle-entries.js';
import { newPostOf } from '../posts/new-post.js';
import type { Coming } from './arrival.js';
import { findArticles, lockArticles, withArticleKeys, type Keyed } from './find-articles.js';
import { toJson } from './json.js';
import { feedKeys } from './known-entries.js';
import { inRounds } from './in-rounds.js';
import { wantPictures } from './pages.js';
import { inParts } from './parts.js';
import { rows, type Db, type Session } from './rows.js';

/** An entry that its feed has not shown before, and how it comes in. */
export interface Arriving extends Fresh {
  readonly feed: Feed;
  readonly coming: Coming;
  /** Told with all that it shows, not merely named or left untold. */
  readonly isShown: boolean;
}

export interface AddedSighting extends Pick<Arriving, 'feed' | 'entry'> {
  readonly id: SightingId;
  /** No other feed has brought the article. */
  readonly isNewPost: boolean;
}

/** Stores what the documents of several feeds brought, each in the order that it is told in, and ties it to its post. */
export async function addSightings(
  session: Session,
  documents: readonly (readonly Arriving[])[],
): Promise<AddedSighting[]> {
  const articles = await Promise.all(documents.map((arriving) => withArticleKeys(arriving)));
  // A backlog announces nothing, so it need not wait for others that bring the same.
  const told = articles.flat().filter(({ feed }) => feed.primedAt !== null);
  if (told.length > 0) session.leave(lockArticles(session.db, told));
  const added: AddedSighting[] = [];
  // What one of them brings may be what another brings as well, and is then found.
  for (const round of inRounds(articles, keysOfAll)) added.push(...(await addRound(session, round.flat())));
  return added;
}

function keysOfAll(articles: readonly Keyed<unknown>[]): bigint[] {
  return articles.flatMap(({ articleKeys }) => articleKeys);
}

async function addRound({ db, leave }: Session, articles: readonly Keyed<Arriving>[]): Promise<AddedSighting[]> {
  if (articles.length === 0) return [];
  const elsewhere = await findArticles(db, articles);
  const sightings = articles.map((one): Sighting => {
    const found = elsewhere.get(one);
    const ids = { id: randomUUID() as SightingId, postId: found?.id ?? (randomUUID() as PostId) };
    return { ...one, ...ids, isNewPost: found === undefined, sameBy: found?.by ?? null };
  });
  const parts = inParts(sightings);
  for (const part of parts.slice(0, -1)) await insert(db, part);
  for (const part of parts.slice(-1)) leave(insert(db, part));
  const pictureless = sightings.filter(wantsPicture).map(({ id, coming }) => ({ id, since: coming.now }));
  leave(wantPictures(db, pictureless));
  return sightings.map(({ feed, id, entry, isNewPost }) => ({ feed, id, entry, isNewPost }));
}

interface Sighting extends Keyed<Arriving>, AddedSighting {
  readonly postId: PostId;
  readonly sameBy: SameBy | null;
}

async function insert(db: Db, sightings: readonly Sighting[]): Promise<void> {
  await rows(db, INSERT, [toJson(sightings.map(columnsOf))]);
}

function columnsOf(one: Sighting): object {
  const { id, postId, isNewPost, feed, entry, keys, copies, coming } = one;
  const { title: postTitle, url, author, text, tags, imageUrl } = newPostOf(entry);
  const { guid, link, title, publishedAt, updatedAt } = entry;
  const { fate, burst, now } = coming;
  const own = [keys, ...copies].flatMap(feedKeys);
  const post = { post_title: postTitle, url, author, body: text, tags, image_url: imageUrl };
  return {
    ...{ id, feed_id: feed.id, post_id: postId, is_new_post: isNewPost, guid, link, title },
    ...{ published_at: publishedAt, updated_at: updatedAt, content_hash: hexOf(keys.content) },
    ...{ fingerprint: hexOf(fingerprintOf(entry)), decision: arrivalOf(one) },
    ...{
      now,
      announced: fate === 'announced',
      burst,
      article_keys: one.articleKeys.map(String),
      entry_keys: own.map(hexOf),
    },
    ...(isNewPost && post),
  };
}

function arrivalOf({ coming, sameBy, copies }: Sighting): Arrival {
  return { fate: coming.fate, sameBy, copies: copies.length };
}

/** As PostgreSQL reads bytes. */
function hexOf(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}

/** A post that another feed brought has been told. */
function wantsPicture({ feed, isShown, isNewPost, entry }: Sighting): boolean {
  return isShown && feed.settings.pagePictures && isNewPost && entry.link !== null && entry.imageUrl === null;
}

/** One statement: the order of the entries is the order of `seq`. */
const INSERT = /* sql */ `
  with entries as (
    select e.*, o.number from jsonb_array_elements($1::jsonb) with ordinality as o (element, number),
      jsonb_to_record(o.element) as e (
        id uuid, feed_id uuid, post_id uuid, is_new_post boolean, guid text, link text, title text,
        published_at timestamptz, updated_at timestamptz, content_hash bytea, fingerprint bytea, decision jsonb,
        now timestamptz, announced boolean, burst uuid, article_keys bigint[], entry_keys bytea[],
        post_title text, url text, author text, body text, tags text[], image_url text)),
  new_posts as (
    insert into posts (id, title, url, author, body, tags, image_url, published_at, first_seen_at)
    select post_id, post_title, url, author, body, tags, image_url, published_at, now
      from entries where is_new_post order by number),
  new_sightings as (
    insert into sightings (id, feed_id, post_id, guid, link, title, published_at, updated_at, content_hash, fingerprint,
                           decision, first_seen_at, announced, matched_at, burst)
    select id, feed_id, post_id, guid, link, title, published_at, updated_at, content_hash, fingerprint, decision, now,
           announced, case when announced then null else now end, burst
      from entries order by number),
  shared as (
    insert into article_keys (key, post_id, seen_at)
    select k.key, e.post_id, e.now from entries e cross join unnest(e.article_keys) as k (key)
     -- As an array, so that no plan reads all keys for it.
     where e.is_new_post or k.key <> all (array(select a.key from article_keys a where a.post_id = e.post_id)))
  insert into entry_keys (feed_id, key, sighting_id)
  select e.feed_id, k.key, e.id from entries e cross join unnest(e.entry_keys) as k (key) on conflict do nothing`;

/** What is new in a document, in the order that it is told in. */
export function arrivingOf(feed: Feed, fresh: readonly Fresh[], coming: Coming): Arriving[] {
  // Of a burst only the newest are shown.
  const from = coming.burst === null ? 0 : fresh.length - SHOWN_OF_A_BURST;
  const isShown = (index: number): boolean => coming.fate === 'announced' && index >= from;
  return oldestFirst(fresh).map((one, index) => ({ ...one, feed, coming, isShown: isShown(index) }));
}

/** Channels are told in the order of publication. Feeds list the newest first; dates decide where all have one. */
function oldestFirst(fresh: readonly Fresh[]): Fresh[] {
  const reversed = [...fresh].reverse();
  const time = ({ entry }: Fresh) => entry.publishedAt?.getTime() ?? null;
  if (reversed.some((one) => time(one) === null)) return reversed;
  return reversed.sort((a, b) => (time(a) ?? 0) - (time(b) ?? 0));
}
