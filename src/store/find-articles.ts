import type { Feed } from '../feeds/feed.js';
import type { PostId } from '../ids.js';
import { newPostOf } from '../posts/new-post.js';
import type { Entry } from '../posts/post.js';
import { articleKeys } from '../posts/same/article-keys.js';
import { COMPARED_LENGTH, featuresOf, retitled, type Article, type ArticleFeatures } from '../posts/same/features.js';
import { sameArticle, type Verdict } from '../posts/same/same-article.js';
import { createPause, mapInTurns } from '../turns.js';
import { rows, urlOrNull, type Db } from './rows.js';

/** An entry that is new to its feed. */
interface OfFeed {
  readonly feed: Feed;
  readonly entry: Entry;
}

/** With the keys by which it is looked for in other feeds. */
export type Keyed<T> = T & OfFeed & { readonly articleKeys: readonly bigint[] };

/** The post that it is a copy of, and why. */
export interface FoundArticle extends Verdict {
  readonly id: PostId;
}

export function withArticleKeys<T extends OfFeed>(fresh: readonly T[]): Promise<Keyed<T>[]> {
  return mapInTurns(fresh, (one) => {
    const post = newPostOf(one.entry);
    return { ...one, articleKeys: articleKeys(post.title, featuresOf(post)) };
  });
}

/** The server has room for some thousands of locks, for all that write at once. */
const MOST_LOCKS = 128;

/**
 * Two feeds that bring one article at the same moment must not both find that nobody has it: whoever comes second
 * waits here until the first has stored it. A document with very many keys waits for all others, and they for it.
 */
export async function lockArticles(db: Db, articles: readonly Keyed<unknown>[]): Promise<void> {
  const keys = [...new Set(articles.flatMap((one) => one.articleKeys))];
  if (keys.length > MOST_LOCKS) {
    await rows(db, LOCK_ALL, [ALL_ARTICLES]);
    return;
  }
  await rows(db, LOCK_KEYS, [ALL_ARTICLES, keys.map(String)]);
}

/** A number of our own among the advisory locks. */
const ALL_ARTICLES = 4_217_101;
const LOCK_ALL = 'select pg_advisory_xact_lock($1)';
const LOCK_KEYS = /* sql */ `
  select pg_advisory_xact_lock_shared($1), (
    select count(pg_advisory_xact_lock(key))
      from (select distinct unnest($2::bigint[]) as key order by 1) as keys)`;

/** So many articles at a time, so that little is held in memory. */
const SLICE = 20;

/** The posts of other feeds that these are copies of; each post for one of a feed at most. */
export async function findArticles<T>(
  db: Db,
  articles: readonly Keyed<T>[],
): Promise<ReadonlyMap<Keyed<T>, FoundArticle>> {
  const byKey = await candidates(db, articles);
  const wanted = articles.flatMap((article) => {
    const ids = candidatesOf(article, byKey);
    return ids.length > 0 ? [{ article, ids }] : [];
  });
  const found = new Map<Keyed<T>, FoundArticle>();
  const taken = new Set<string>();
  for (let at = 0; at < wanted.length; at += SLICE) {
    const slice = wanted.slice(at, at + SLICE);
    const stored = await featuresOfPosts(db, [...new Set(slice.flatMap(({ ids }) => ids))]);
    for (const { article, match } of await claims(slice, stored)) {
      const place = placeOf(article, match.id);
      if (found.has(article) || taken.has(place)) continue;
      taken.add(place);
      found.set(article, match);
    }
  }
  return found;
}

/** Of anything that one feed has once. */
function placeOf({ feed }: OfFeed, name: string | bigint): string {
  return `${feed.id} ${String(name)}`;
}

interface Claim<T> {
  readonly article: Keyed<T>;
  readonly match: FoundArticle;
}

/** The most alike first, so that of two releases under one template each finds its own. */
async function claims<T>(
  wanted: readonly { readonly article: Keyed<T>; readonly ids: readonly PostId[] }[],
  stored: ReadonlyMap<PostId, readonly ArticleFeatures[]>,
): Promise<Claim<T>[]> {
  const all: Claim<T>[] = [];
  const pause = createPause();
  for (const { article, ids } of wanted) {
    await pause();
    const features = featuresOf(newPostOf(article.entry));
    for (const id of ids) {
      const verdicts = (stored.get(id) ?? []).map((other) => sameArticle(features, other)).filter(({ same }) => same);
      const [best] = verdicts.sort((a, b) => b.score - a.score);
      if (best) all.push({ article, match: { id, ...best } });
    }
  }
  return all.sort((a, b) => b.match.score - a.match.score);
}

/** A key that more posts share says little: only its newest are looked at, after those of rarer keys. */
const MOST_OF_KEY = 8;
const MOST_OF_ARTICLE = 12;
const MOST_LOOKED_AT = 32;

/** By feed and key. */
async function candidates(
  db: Db,
  articles: readonly Keyed<unknown>[],
): Promise<ReadonlyMap<string, readonly PostId[]>> {
  const wanted = articles.flatMap((one) => one.articleKeys.map((key) => [placeOf(one, key), { ...one, key }] as const));
  const each = [...new Map(wanted).values()];
  const found = await rows<{ place: string; ids: PostId[] }>(db, CANDIDATES, [
    each.map(({ key }) => String(key)),
    each.map(({ feed }) => feed.id),
  ]);
  return new Map(found.map(({ place, ids }) => [place, ids]));
}

/** Within one feed, entries that identity calls new are different articles whatever they share. */
const CANDIDATES = /* sql */ `
  select q.feed_id || ' ' || q.key as place, array_agg(c.post_id order by c.seen_at desc, c.post_id) as ids
    from unnest($1::bigint[], $2::uuid[]) as q (key, feed_id)
   cross join lateral (
     select k.post_id, k.seen_at
       from (select post_id, seen_at from article_keys where key = q.key
              order by seen_at desc limit ${String(MOST_LOOKED_AT)}) as k
      where not exists (select from sightings s where s.post_id = k.post_id and s.feed_id = q.feed_id)
      order by k.seen_at desc limit ${String(MOST_OF_KEY)}) as c
   group by q.feed_id, q.key`;

function candidatesOf(article: Keyed<unknown>, byKey: ReadonlyMap<string, readonly PostId[]>): PostId[] {
  const rarestFirst = article.articleKeys
    .map((key) => byKey.get(placeOf(article, key)) ?? [])
    .sort((a, b) => a.length - b.length);
  return [...new Set(rarestFirst.flat())].slice(0, MOST_OF_ARTICLE);
}

interface PostRow {
  id: PostId;
  title: string;
  url: string | null;
  text: string;
  published_at: Date | null;
  canonical_url: string | null;
  other_titles: string[];
}

/** Of each post as it is, and under the titles that it has elsewhere or had before: a feed may show an earlier one. */
async function featuresOfPosts(db: Db, ids: readonly PostId[]): Promise<ReadonlyMap<PostId, ArticleFeatures[]>> {
  const stored = await rows<PostRow>(db, POSTS, [ids, COMPARED_LENGTH]);
  return new Map(
    await mapInTurns(stored, (one) => {
      const features = featuresOf(articleOf(one));
      return [one.id, [features, ...one.other_titles.map((title) => retitled(features, title))]] as const;
    }),
  );
}

function articleOf({ title, url, text, published_at: publishedAt, canonical_url: canonicalUrl }: PostRow): Article {
  return { title, url: urlOrNull(url), text, publishedAt, canonicalUrl: urlOrNull(canonicalUrl) };
}

/** A hostile feed renames an entry at each poll. */
const MOST_TITLES = 8;

const POSTS = /* sql */ `
  select id, title, url, left(body, $2) as text, published_at, canonical_url,
         array(
           select known.title
             from sightings s cross join lateral (
                    select s.title union all
                    select detail ->> 'formerTitle' from entry_events
                     where sighting_id = s.id and kind = 'edited' and detail ? 'formerTitle') as known
            where s.post_id = p.id and known.title not in ('', p.title)
            group by known.title order by known.title limit ${String(MOST_TITLES)}) as other_titles
    from posts p where id = any ($1::uuid[])`;
