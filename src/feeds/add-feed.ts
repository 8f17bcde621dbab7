import { setTimeout as sleep } from 'node:timers/promises';
import { later } from '../clock.js';
import type { FeedId } from '../ids.js';
import { discoverFeed, type Discovered } from './discovery/discover-feed.js';
import { addressTrouble, followedAt, isStorable, readFeedAddress } from './feed-address.js';
import type { FeedStore } from './feed-store.js';
import { LEASE_MS, pollFeedNow, type PollDeps, type PolledFeed } from './poll-feed.js';
import type { AddFeedResult } from './poll-result.js';

export interface AddFeedDeps extends PollDeps {
  readonly feeds: PollDeps['feeds'] & Pick<FeedStore, 'add' | 'byUrl' | 'get' | 'list' | 'remove' | 'set' | 'hasten'>;
  /** Hosts of the operator's own, which need no courtesy. */
  readonly isAllowListed: (url: URL) => boolean;
}

const WAIT_FOR_ORIGIN_MS = 250;

/**
 * Follow the feed that an address leads to, its own or the one feed of a page. Its first poll is made of the answer that
 * proved it a feed, so that nothing is asked twice and an address that is no feed is never kept.
 */
export async function addFeed(deps: AddFeedDeps, address: string, { verifyTls = true } = {}): Promise<AddFeedResult> {
  const url = readFeedAddress(address);
  if (!url) return { kind: 'failed', text: addressTrouble(address), mayPass: false };
  const known = await followedAt(deps.feeds, url);
  if (known) return { kind: 'already', feed: known };
  const found = await discoverFeed({ ...deps, verifyTls }, url);
  return found.kind === 'feed' ? follow(deps, found, verifyTls) : found;
}

async function follow(
  deps: AddFeedDeps,
  { url, fetched }: Extract<Discovered, { kind: 'feed' }>,
  verifyTls: boolean,
): Promise<AddFeedResult> {
  if (!isStorable(url)) return { kind: 'failed', text: addressTrouble(url.href), mayPass: false };
  const twin = await followedAt(deps.feeds, url);
  if (twin) return { kind: 'already', feed: twin };
  // Due later than our own poll takes, so that a running bot leaves this first poll to us.
  const now = deps.clock();
  const [added] = await deps.feeds.add([{ url, title: null }], later(now, LEASE_MS), now);
  if (added && !verifyTls) await deps.feeds.set(added.id, { verifyTls });
  const polled = added ? await firstPoll({ ...deps, fetchFeed: () => Promise.resolve(fetched) }, added.id) : null;
  const feed = await deps.feeds.byUrl(url);
  if (!feed) return { kind: 'failed', text: `${url.href} was removed while it was added: add it again`, mayPass: true };
  if (!added) return { kind: 'already', feed };
  return { kind: 'added', feed, entries: polled?.kind === 'read' ? polled.saved.entries : 0 };
}

/** Null when its origin is busy all the while: then the bot polls the feed in its turn. */
async function firstPoll(deps: AddFeedDeps, id: FeedId): Promise<PolledFeed | null> {
  for (const giveUpAt = later(deps.clock(), LEASE_MS / 2); deps.clock() < giveUpAt;) {
    const polled = await pollFeedNow(deps, id);
    if (polled) return polled;
    await sleep(WAIT_FOR_ORIGIN_MS);
  }
  return null;
}
