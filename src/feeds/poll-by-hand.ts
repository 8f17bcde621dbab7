import { setTimeout as sleep } from 'node:timers/promises';
import { later } from '../clock.js';
import type { FeedId } from '../ids.js';
import type { AddFeedDeps } from './add-feed.js';
import type { Feed } from './feed.js';
import { LEASE_MS, pollDue, pollFeedNow, type PolledFeed } from './poll-feed.js';
import type { PolledNow } from './poll-result.js';

/** Asked for by hand, an origin is asked at most this often. */
const COURTESY_MS = 5 * 60_000;
const WAIT_FOR_OTHER_MS = 250;
/** Batches at a time: a slow feed holds up its own batch alone. */
const BATCHES = 2;
const NOBODYS_TURN_MS = 250;
const LOOK_EVERY_MS = 5_000;

/** Poll one feed now, within courtesy. What it found is stored when this returns. */
export async function pollByHand(deps: AddFeedDeps, id: FeedId): Promise<PolledNow> {
  const askedAt = deps.clock();
  for (const giveUpAt = later(askedAt, LEASE_MS); ;) {
    const feed = await deps.feeds.get(id);
    if (!feed) return GONE;
    // Another process had it just now: asking the origin again would bring nothing more.
    if (feed.lastPolledAt && feed.lastPolledAt > askedAt) return BY_ANOTHER;
    const readyAt = courtesyEnds(deps, feed);
    if (readyAt && readyAt > deps.clock()) return tooSoon(readyAt, feed);
    const polled = await pollFeedNow(deps, id);
    if (polled) return polledNow(feed.url, polled);
    if (deps.clock() >= giveUpAt) return { kind: 'skipped', text: 'another process is polling it' };
    await sleep(WAIT_FOR_OTHER_MS);
  }
}

const GONE: PolledNow = { kind: 'skipped', text: 'no longer followed' };
const BY_ANOTHER: PolledNow = { kind: 'polled', text: 'polled by the running bot just now', newPosts: 0 };

export interface PollMany {
  /** Aborted when no more are to be begun; what is under way ends first. */
  readonly signal: AbortSignal;
  readonly onPolled: (id: FeedId, result: PolledNow) => void;
}

/**
 * Poll these feeds as a bot would, as fast as their origins allow and together with whoever else polls. Returns when
 * each has had its turn, or when told to stop: what is left is due, and any bot goes on with it.
 */
export async function pollMany(deps: AddFeedDeps, ids: readonly FeedId[], how: PollMany): Promise<void> {
  const askedAt = deps.clock();
  const waiting = new Set(ids);
  const report = (id: FeedId, result: PolledNow): void => {
    if (waiting.delete(id)) how.onPolled(id, result);
  };
  await reportOthers(deps, { waiting, askedAt, report });
  await deps.feeds.hasten([...waiting], askedAt);
  let lookAt = later(deps.clock(), LOOK_EVERY_MS);
  const work = async (): Promise<void> => {
    while (waiting.size > 0 && !how.signal.aborted) {
      if (await pollSome(deps, how.signal, report)) continue;
      await sleep(NOBODYS_TURN_MS);
      if (deps.clock() < lookAt) continue;
      lookAt = later(deps.clock(), LOOK_EVERY_MS);
      await reportOthers(deps, { waiting, askedAt, report });
    }
  };
  await Promise.all(Array.from({ length: BATCHES }, work));
}

type Report = (id: FeedId, result: PolledNow) => void;

/** False when it was nobody's turn. */
async function pollSome(deps: AddFeedDeps, stop: AbortSignal, report: Report): Promise<boolean> {
  let polledAny = false;
  for await (const polled of pollDue(deps, stop)) {
    polledAny = true;
    report(polled.feed.id, polledNow(polled.feed.url, polled));
  }
  return polledAny;
}

interface Wait {
  readonly waiting: ReadonlySet<FeedId>;
  readonly askedAt: Date;
  readonly report: Report;
}

/** Reports the feeds that need not be waited for, because of others or because their origins want a pause. */
async function reportOthers(deps: AddFeedDeps, { waiting, askedAt, report }: Wait): Promise<void> {
  const feeds = new Map((await deps.feeds.list()).map((feed) => [feed.id, feed]));
  for (const id of waiting) {
    const feed = feeds.get(id);
    const result = feed ? withoutPolling(deps, feed, askedAt) : GONE;
    if (result) report(id, result);
  }
}

function withoutPolling(deps: AddFeedDeps, feed: Feed, askedAt: Date): PolledNow | null {
  const now = deps.clock();
  if (feed.nextPollAt === null) return { kind: 'skipped', text: 'removed for good by its publisher' };
  if (feed.lastPolledAt && feed.lastPolledAt > askedAt) {
    // What is just being stored may be our own: it is told in a moment.
    return later(feed.lastPolledAt, LOOK_EVERY_MS) < now ? BY_ANOTHER : null;
  }
  const readyAt = courtesyEnds(deps, feed);
  return readyAt && readyAt > now ? tooSoon(readyAt, feed) : null;
}

/** When the origin may be asked again by hand; null for at once. */
function courtesyEnds(deps: AddFeedDeps, feed: Feed): Date | null {
  if (deps.isAllowListed(feed.url)) return null;
  const polite = feed.lastPolledAt && later(feed.lastPolledAt, COURTESY_MS);
  return polite && feed.notBefore && feed.notBefore > polite ? feed.notBefore : (polite ?? feed.notBefore);
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
      return { kind: 'failed', text: `${url.href} ${polled.text}`, mayPass: polled.mayPass };
  }
}
