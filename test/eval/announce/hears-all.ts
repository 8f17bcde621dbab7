import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Announcement } from './recorder.js';

interface TruePost {
  readonly id: string;
  readonly kind: 'new' | 'backlog' | 'backfill' | 'hidden';
  /** Names the article, in whichever feeds of the group it is; missing when it is in one alone. */
  readonly gid?: string | null;
  /** A second copy in the same feed: telling it is no error, nor is leaving it out. */
  readonly crosspostOf?: string | null;
}

interface TrueFeed {
  readonly posts: readonly TruePost[];
}

type TrueFeeds = Readonly<Record<string, TrueFeed>>;
type Resolve = (told: Announcement, timesTold: (postId: string) => number) => TruePost | null;

/** The part of the data's scorer that finds which post was told. */
interface Scorer {
  readonly makeResolver: (feed: TrueFeed) => Resolve;
}

export interface ErrorsOfAll {
  readonly missed: readonly string[];
  /** As often as it was told too much. */
  readonly again: readonly Announcement[];
  readonly notNew: readonly Announcement[];
}

export function hearsAll({ channel }: Announcement): boolean {
  return channel.endsWith('*');
}

/** Where the channels that follow all feeds of a group erred: each article should have been told of once. */
export async function errorsOfAll(replay: string, told: readonly Announcement[]): Promise<ErrorsOfAll> {
  const { feeds } = JSON.parse(await readFile(join(replay, 'truth.json'), 'utf8')) as { readonly feeds: TrueFeeds };
  const scorer = (await import(pathToFileURL(join(replay, 'tools', 'score.mjs')).href)) as Scorer;
  const found = resolved(feeds, scorer, told);
  const heard = new Set<string>();
  const again: Announcement[] = [];
  for (const { one, post } of found) {
    if (!post || post.crosspostOf) continue;
    const article = articleOf(one.feed, post);
    if (heard.has(article)) again.push(one);
    heard.add(article);
  }
  // What one feed held from the start and another brings later need not be told, nor is telling it an error.
  const old = articlesOf(feeds, ({ kind }) => kind === 'backlog');
  const due = articlesOf(feeds, ({ kind, crosspostOf }) => kind === 'new' && !crosspostOf);
  return {
    missed: [...due].filter((article) => !heard.has(article) && !old.has(article)),
    again,
    notNew: found.filter(({ post }) => !post || post.kind === 'backlog').map(({ one }) => one),
  };
}

interface Found {
  readonly one: Announcement;
  readonly post: TruePost | null;
}

function resolved(feeds: TrueFeeds, { makeResolver }: Scorer, told: readonly Announcement[]): Found[] {
  const resolvers = new Map(Object.entries(feeds).map(([name, feed]) => [name, makeResolver(feed)]));
  const times = new Map<string, number>();
  return told.map((one) => {
    const post = resolvers.get(one.feed)?.(one, (id) => times.get(id) ?? 0) ?? null;
    if (post) times.set(post.id, (times.get(post.id) ?? 0) + 1);
    return { one, post };
  });
}

function articlesOf(feeds: TrueFeeds, isMeant: (post: TruePost) => boolean): ReadonlySet<string> {
  const named = Object.entries(feeds).flatMap(([feed, { posts }]) =>
    posts.filter(isMeant).map((post) => articleOf(feed, post)),
  );
  return new Set(named);
}

function articleOf(feed: string, { id, gid }: TruePost): string {
  return gid ?? `${feed} ${id}`;
}
