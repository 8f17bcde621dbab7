import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedId } from '../ids.js';
import { later } from '../clock.js';
import type { Feed } from './feed.js';
import type { FeedStore } from './feed-store.js';
import { readOpml } from './opml.js';
import { LEASE_MS, pollFeedNow, type PollDeps, type PolledFeed } from './poll-feed.js';
import type { AddFeedResult, FeedFailure, ImportResult, PolledNow } from './poll-result.js';

export interface AddFeedDeps extends PollDeps {
  readonly feeds: PollDeps['feeds'] & Pick<FeedStore, 'add' | 'byUrl' | 'get' | 'remove'>;
  /** Hosts of the operator's own, which need no courtesy. */
  readonly isAllowListed: (url: URL) => boolean;
}

/** Asked for by hand, an origin is asked at most this often. */
const COURTESY_MS = 5 * 60_000;
const WAIT_FOR_OTHER_MS = 250;

/** Follow a feed. It is polled at once: an address that is no feed is not kept. */
export async function addFeed(deps: AddFeedDeps, address: string): Promise<AddFeedResult> {
  const url = feedUrl(address);
  if (!url) return failure(`"${address}" is not a web address. Write it like https://example.org/feed.xml.`, false);
  const known = await deps.feeds.byUrl(url);
  if (known) return { kind: 'already', feed: known };

  // Due later than our own poll takes, so that a running bot leaves this first poll to us.
  const now = deps.clock();
  const [added] = await deps.feeds.add([{ url, title: null }], later(now, LEASE_MS), now);
  const polled = added ? await pollFeedNow(deps, added.id) : null;
  const feed = await deps.feeds.byUrl(url);
  if (!feed) return failure(`${url.href} was removed while it was added. Add it again.`, true);
  if (!added || !polled) return { kind: 'already', feed };
  if (polled.kind !== 'failed') {
    return { kind: 'added', feed, entries: polled.kind === 'read' ? polled.saved.entries : 0 };
  }
  await deps.feeds.remove(feed.id);
  return pollFailure(url, polled);
}

/** Follow every feed of an OPML list, due at once; none is polled here. */
export async function importFeeds(deps: Pick<AddFeedDeps, 'feeds' | 'clock'>, opml: string): Promise<ImportResult> {
  const list = readOpml(opml);
  if (!list) return failure('is not an OPML list of feeds: export one from your reader as OPML', false);
  const now = deps.clock();
  const added = await deps.feeds.add(list.feeds, now, now);
  return { kind: 'imported', added, already: list.feeds.length - added.length, unusable: list.skipped.length };
}

/** Poll one feed now, within courtesy. What it found is stored when this returns. */
export async function pollByHand(deps: AddFeedDeps, id: FeedId): Promise<PolledNow> {
  const askedAt = deps.clock();
  for (const giveUpAt = later(askedAt, LEASE_MS); ;) {
    const feed = await deps.feeds.get(id);
    if (!feed) return { kind: 'skipped', text: 'no longer followed' };
    // Another process had it just now: asking the origin again would bring nothing more.
    if (feed.lastPolledAt && feed.lastPolledAt > askedAt) {
      return { kind: 'polled', text: 'polled by the running bot just now', newPosts: 0 };
    }
    const readyAt = courtesyEnds(deps, feed);
    if (readyAt > deps.clock()) return tooSoon(readyAt, feed);
    const polled = await pollFeedNow(deps, id);
    if (polled) return polledNow(feed.url, polled);
    if (deps.clock() >= giveUpAt) return { kind: 'skipped', text: 'another process is polling it' };
    await sleep(WAIT_FOR_OTHER_MS);
  }
}

/** When the origin may be asked again by hand. */
function courtesyEnds(deps: AddFeedDeps, feed: Feed): Date {
  if (deps.isAllowListed(feed.url)) return deps.clock();
  const polite = feed.lastPolledAt ? later(feed.lastPolledAt, COURTESY_MS) : deps.clock();
  return feed.notBefore && feed.notBefore > polite ? feed.notBefore : polite;
}

function tooSoon(nextPollAt: Date, feed: Feed): PolledNow {
  const why =
    feed.notBefore && feed.notBefore >= nextPollAt ? 'the origin asked for a pause' : 'it was polled a moment ago';
  return { kind: 'too-soon', text: why, nextPollAt };
}

function polledNow(url: URL, polled: PolledFeed): PolledNow {
  switch (polled.kind) {
    case 'read':
      return { kind: 'polled', text: `${String(polled.saved.entries)} entries`, newPosts: polled.saved.newPosts };
    case 'unchanged':
      return { kind: 'polled', text: 'unchanged', newPosts: 0 };
    case 'failed':
      return pollFailure(url, polled);
  }
}

function pollFailure(url: URL, polled: Extract<PolledFeed, { kind: 'failed' }>): FeedFailure {
  return failure(`${url.href} ${polled.text}`, polled.mayPass);
}

function failure(text: string, mayPass: boolean): FeedFailure {
  return { kind: 'failed', text, mayPass };
}

/** The address as typed, without its fragment, which servers never see; a bare host and path is taken as https. */
function feedUrl(address: string): URL | null {
  const text = address.trim();
  const href = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(href) || (href !== text && !text.includes('.'))) return null;
  const url = new URL(href);
  url.hash = '';
  return /^https?:$/.test(url.protocol) ? url : null;
}
