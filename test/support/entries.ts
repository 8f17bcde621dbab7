import { createHash } from 'node:crypto';
import { NO_HINTS, NO_VALIDATORS, UNTRIED, type Feed } from '../../src/feeds/feed.js';
import type { FeedStore, PollRecord, ReadDocument } from '../../src/feeds/feed-store.js';
import type { Entry } from '../../src/posts/post.js';

/** An entry as a feed might show it; `over` says what is special about it. */
export function entry(title: string, over: Partial<Entry> = {}): Entry {
  const slug = title.toLowerCase().replace(/\W+/g, '-');
  return {
    guid: `tag:blog.example,2026:${slug}`,
    link: new URL(`https://blog.example/posts/${slug}`),
    title,
    author: null,
    text: `What there is to say about ${title}.`,
    publishedAt: new Date('2026-03-01T12:00:00Z'),
    updatedAt: null,
    imageUrl: null,
    tags: [],
    ...over,
  };
}

export function document(entries: readonly Entry[]): ReadDocument {
  const read = entries.map((each) => ({ digest: digestOf(each), entry: each }));
  return { title: 'A feed', siteUrl: null, bodyHash: String(Math.random()), entries: read, partial: false };
}

function digestOf(each: Entry): string {
  return createHash('sha256').update(JSON.stringify(each)).digest('hex').slice(0, 16);
}

/** What a good poll records, due again an hour after `now`. */
export function goodPoll(now: Date, over: Partial<PollRecord> = {}): PollRecord {
  return {
    nextPollAt: new Date(now.getTime() + 3_600_000),
    startedAt: now,
    validators: NO_VALIDATORS,
    conditions: UNTRIED,
    hints: NO_HINTS,
    move: null,
    adopt: null,
    failures: 0,
    failingSince: null,
    goneSince: null,
    newAt: [],
    newShare: 0,
    gapAt: null,
    trouble: null,
    rest: null,
    outageToldAt: null,
    notice: null,
    ...over,
  };
}

/** Follows a feed and stores its first poll: what is in `backlog` is never announced. */
export async function primedFeed(feeds: FeedStore, url: string, backlog: readonly Entry[], now: Date): Promise<Feed> {
  await feeds.add([{ url: new URL(url), title: null }], now, now);
  const feed = await stored(feeds, url);
  await feeds.saveDocument(feed, document(backlog), () => goodPoll(now), now);
  return stored(feeds, url);
}

async function stored(feeds: FeedStore, url: string): Promise<Feed> {
  const feed = await feeds.byUrl(new URL(url));
  if (!feed) throw new Error(`${url} is not stored`);
  return feed;
}
