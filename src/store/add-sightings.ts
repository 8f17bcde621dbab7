import { randomUUID } from 'node:crypto';
import type { PostId, SightingId } from '../ids.js';
import type { Feed } from '../feeds/feed.js';
import type { EntryKeys } from '../posts/entry-keys.js';
import type { Arrival, SameBy } from '../posts/decision.js';
import { fingerprintOf } from '../posts/fingerprint.js';
import type { Settled } from '../posts/identity.js';
import { newPostOf } from '../posts/new-post.js';
import type { Entry } from '../posts/post.js';
import { articleKeys, sameArticle } from '../posts/same-article.js';
import { toJson } from './json.js';
import { feedKeys } from './known-entries.js';
import { wantPictures } from './pages.js';
import { rows, type Db } from './rows.js';

/** An entry that its feed has not shown before. */
export type Fresh = Extract<Settled<never>, { kind: 'new' }>;

export interface AddedSighting {
  readonly id: SightingId;
  readonly entry: Entry;
  /** No other feed has brought the article. */
  readonly isNewPost: boolean;
}

/** Stores them in the given order, which is the order they are told in, each tied to its post. */
export async function addSightings(db: Db, feed: Feed, fresh: readonly Fresh[], now: Date): Promise<AddedSighting[]> {
  if (fresh.length === 0) return [];
  const articles = fresh.map((one) => ({ ...one, ...articleKeys(one.entry, one.keys) }));
  await lockArticles(db, feed, articles);
  const elsewhere = await findArticles(db, feed, articles);
  const sightings = articles.map((one): Sighting => {
    const found = elsewhere.get(one);
    const ids = { id: randomUUID() as SightingId, postId: found?.postId ?? (randomUUID() as PostId) };
    return { ...one, ...ids, isNewPost: found === undefined, sameBy: found?.by ?? null };
  });
  for (const part of inParts(sightings)) await insert(db, feed, part, now);
  const pictureless = sightings.filter((one) => wantsPicture(feed, one));
  await wantPictures(
    db,
    pictureless.map(({ id }) => id),
    now,
  );
  return sightings.map(({ id, entry, isNewPost }) => ({ id, entry, isNewPost }));
}

interface Article extends Fresh {
  /** By these the article is found in other feeds. */
  readonly link: Buffer | null;
  readonly content: Buffer | null;
}

interface Sighting extends Article, AddedSighting {
  readonly postId: PostId;
  readonly sameBy: SameBy | null;
}

/** The post of another feed that an entry is a copy of, and the sign that says so. */
interface Elsewhere {
  readonly postId: PostId;
  readonly by: SameBy;
}

function sharedKeys({ link, content }: Article): Buffer[] {
  return [link, content].filter((key) => key !== null);
}

/**
 * Two feeds that bring one article at the same moment must not both find that nobody has it: whoever comes second
 * waits here until the first has stored it. A backlog announces nothing, so it need not wait.
 */
async function lockArticles(db: Db, feed: Feed, articles: readonly Article[]): Promise<void> {
  if (!feed.primedAt) return;
  const keys = articles.flatMap(sharedKeys).map((key) => key.readBigInt64BE().toString());
  await rows(db, LOCK_ARTICLES, [keys]);
}

const LOCK_ARTICLES =
  'select pg_advisory_xact_lock(key) from (select distinct unnest($1::bigint[]) as key order by 1) as keys';

interface CandidateRow {
  key: Buffer;
  id: PostId;
  title: string;
  published_at: Date | null;
}

/** The posts of other feeds that these entries are copies of; each post for one entry at most. */
async function findArticles(
  db: Db,
  feed: Feed,
  articles: readonly Article[],
): Promise<ReadonlyMap<Article, Elsewhere>> {
  const candidates = await rows<CandidateRow>(db, FIND_ARTICLES, [articles.flatMap(sharedKeys), feed.id]);
  const byKey = new Map<string, CandidateRow[]>();
  for (const one of candidates) {
    const key = one.key.toString('hex');
    const sharing = byKey.get(key) ?? [];
    if (sharing.length < MOST_SHARING) byKey.set(key, [...sharing, one]);
  }
  const found = new Map<Article, Elsewhere>();
  const taken = new Set<PostId>();
  for (const article of candidates.length > 0 ? articles : []) {
    const sharing = sharedKeys(article).flatMap((key) => byKey.get(key.toString('hex')) ?? []);
    const match = sharing.find((one) => !taken.has(one.id) && isCopy(article, one));
    if (!match) continue;
    taken.add(match.id);
    found.set(article, { postId: match.id, by: viaOf(article, match) ?? 'link' });
  }
  return found;
}

function viaOf({ link, content }: Article, { key }: CandidateRow): SameBy | null {
  return link?.equals(key) ? 'link' : content?.equals(key) ? 'content' : null;
}

function isCopy(article: Article, candidate: CandidateRow): boolean {
  const { title, published_at: publishedAt } = candidate;
  const via = viaOf(article, candidate);
  const { entry } = article;
  return via !== null && sameArticle(entry, { title, publishedAt, via });
}

/** What more articles share than this says nothing of one, and would cost quadratic time to look through. */
const MOST_SHARING = 50;

/** Within one feed, entries that identity calls new are different articles whatever they share. */
const FIND_ARTICLES = /* sql */ `
  select k.key, p.id, p.title, p.published_at
    from article_keys k join posts p on p.id = k.post_id
   where k.key = any ($1::bytea[])
     and not exists (select from sightings s where s.post_id = p.id and s.feed_id = $2)
   order by p.first_seen_at, p.id`;

/** At most a megabyte of text at a time: what is written at one go holds up everything else. */
function inParts(sightings: readonly Sighting[]): Sighting[][] {
  const parts: Sighting[][] = [];
  let length = Infinity;
  for (const one of sightings) {
    if (length > PART_LENGTH) {
      parts.push([]);
      length = 0;
    }
    length += one.entry.text.length;
    parts.at(-1)?.push(one);
  }
  return parts;
}

const PART_LENGTH = 1_000_000;

async function insert(db: Db, feed: Feed, sightings: readonly Sighting[], now: Date): Promise<void> {
  const entries = sightings.map((one) => {
    const { id, postId, isNewPost, entry, keys } = one;
    const { title: postTitle, url, author, text, tags, imageUrl } = newPostOf(entry);
    const { guid, link, title, publishedAt } = entry;
    const shown = { guid, link, title, published_at: publishedAt, content_hash: keys.content.toString('hex') };
    const post = { post_title: postTitle, url, author, body: text, tags, image_url: imageUrl };
    const decided = { fingerprint: fingerprintOf(entry).toString('hex'), decision: arrivalOf(feed, one) };
    return { id, post_id: postId, is_new_post: isNewPost, ...shown, ...decided, ...(isNewPost && post) };
  });
  const shared = sightings.flatMap((one) => sharedKeys(one).map((key) => ({ key, id: one.postId })));
  const own = sightings.flatMap(({ id, keys, copies }) =>
    [keys, ...copies].flatMap((each: EntryKeys) => feedKeys(each).map((key) => ({ key, id }))),
  );
  await rows(db, INSERT, [
    ...[toJson(entries), feed.id, now, feed.primedAt !== null],
    ...[shared.map(({ key }) => key), shared.map(({ id }) => id), own.map(({ key }) => key), own.map(({ id }) => id)],
  ]);
}

function arrivalOf({ primedAt }: Feed, { sameBy, copies }: Sighting): Arrival {
  return { fate: primedAt === null ? 'backlog' : 'announced', sameBy, copies: copies.length };
}

/** Of a backlog none is told, and a post that another feed brought has been told. */
function wantsPicture({ settings, primedAt }: Feed, { isNewPost, entry }: Sighting): boolean {
  return settings.pagePictures && primedAt !== null && isNewPost && entry.link !== null && entry.imageUrl === null;
}

/** One statement: the order of the entries is the order of `seq`. */
const INSERT = /* sql */ `
  with entries as (
    select e.*, o.number from jsonb_array_elements($1::jsonb) with ordinality as o (element, number),
      jsonb_to_record(o.element) as e (
        id uuid, post_id uuid, is_new_post boolean, guid text, link text, title text, published_at timestamptz,
        content_hash text, fingerprint text, decision jsonb, post_title text, url text, author text, body text, tags text[], image_url text)),
  new_posts as (
    insert into posts (id, title, url, author, body, tags, image_url, published_at, first_seen_at)
    select post_id, post_title, url, author, body, tags, image_url, published_at, $3::timestamptz
      from entries where is_new_post order by number),
  new_sightings as (
    insert into sightings (id, feed_id, post_id, guid, link, title, published_at, content_hash, fingerprint, decision,
                           first_seen_at, announced, matched_at)
    select id, $2, post_id, guid, link, title, published_at, decode(content_hash, 'hex'),
           decode(fingerprint, 'hex'), decision, $3::timestamptz, $4,
           case when $4 then null else $3::timestamptz end
      from entries order by number),
  shared as (
    insert into article_keys (key, post_id) select * from unnest($5::bytea[], $6::uuid[]) on conflict do nothing)
  insert into entry_keys (feed_id, key, sighting_id)
  select $2, k.key, k.id from unnest($7::bytea[], $8::uuid[]) as k (key, id) on conflict do nothing`;

/** Channels are told in the order of publication. Feeds list the newest first; dates decide where all have one. */
export function oldestFirst(fresh: readonly Fresh[]): Fresh[] {
  const reversed = [...fresh].reverse();
  const time = ({ entry }: Fresh) => entry.publishedAt?.getTime() ?? null;
  if (reversed.some((one) => time(one) === null)) return reversed;
  return reversed.sort((a, b) => (time(a) ?? 0) - (time(b) ?? 0));
}
