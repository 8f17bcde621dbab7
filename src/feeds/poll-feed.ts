import { createHash } from 'node:crypto';
import type { FeedId } from '../ids.js';
import { createArrivals } from './arrivals.js';
import { later, type Clock } from '../clock.js';
import type { LogFields, Logger } from '../log.js';
import { afterFailure, afterRead, afterUnchanged, type Moment } from './schedule/after-poll.js';
import { validatorsToSend } from './schedule/conditions.js';
import type { Feed } from './feed.js';
import type { FeedBody, FeedDocument, ParseFeed } from './reading/feed-document.js';
import type { Brought, FeedStore, SavedPoll } from './feed-store.js';
import type { FetchFeed, FetchOutcome } from './fetching/fetch-outcome.js';
import { mayPass, NOT_A_FEED, pollTrouble } from './poll-trouble.js';
import { restAfter } from './schedule/rest.js';
import type { NoteHub } from './websub/ask-hubs.js';

/** Twice what a fetch may take, so that a slow origin is never polled by two processes at once. */
export const LEASE_MS = 60_000;

export interface PollDeps {
  readonly feeds: Pick<
    FeedStore,
    'due' | 'claimDue' | 'claim' | 'window' | 'neighbours' | 'saveDocument' | 'saveOutcome'
  >;
  readonly fetchFeed: FetchFeed;
  readonly parseFeed: ParseFeed;
  readonly clock: Clock;
  /** Keeps which hub a feed names; null where no hub could reach us. */
  readonly noteHub?: NoteHub | null;
  /** In [0, 1): spreads polls over time. */
  readonly random: () => number;
  readonly log: Logger;
}

/** What one poll came to. */
export type PolledFeed =
  | { readonly kind: 'read'; readonly saved: SavedPoll }
  | { readonly kind: 'unchanged' }
  /** `text` says why in words for a person; `mayPass` when trying again later may help. */
  | {
      readonly kind: 'failed';
      readonly outcome: FetchOutcome['kind'];
      readonly text: string;
      readonly mayPass: boolean;
    };

/** Feeds that one ring of the bell polls side by side. */
export const BATCH = 96;
/** Fewer free places wait for more. */
const WORTH_A_CLAIM = 48;
/** So long one ring goes on claiming: what is due later rings again. */
const CLAIMING_MS = 3_000;

/**
 * Polls what is due and ours to poll, until told to stop. Yields each feed as it is stored. As places become free they
 * are filled, so that a slow publisher holds up nobody else. Rejects with the first error once all have ended.
 */
export async function* pollDue(
  deps: PollDeps,
  stop?: AbortSignal,
): AsyncGenerator<PolledFeed & { readonly feed: Feed }> {
  const until = performance.now() + CLAIMING_MS;
  const mayClaim = (): boolean => performance.now() < until && stop?.aborted !== true;
  const polls = createArrivals<Ended>();
  const errors: unknown[] = [];
  for (let more = true; ;) {
    const free = BATCH - polls.size();
    if (more && free >= WORTH_A_CLAIM) {
      const feeds = mayClaim() ? await claimDue(deps, free) : [];
      for (const feed of feeds) polls.add(ended(deps, feed));
      more = feeds.length > 0;
    }
    if (polls.size() === 0) break;
    const { feed, result } = await polls.next();
    if (result.status === 'fulfilled') yield { ...result.value, feed };
    else errors.push(result.reason);
  }
  if (errors.length > 0) throw errors[0];
}

function claimDue(deps: PollDeps, limit: number): Promise<Feed[]> {
  const now = deps.clock();
  return deps.feeds.claimDue(now, later(now, LEASE_MS), limit);
}

interface Ended {
  readonly feed: Feed;
  readonly result: PromiseSettledResult<PolledFeed>;
}

async function ended(deps: PollDeps, feed: Feed): Promise<Ended> {
  const [result] = await Promise.allSettled([pollFeed(deps, feed)]);
  return { feed, result };
}

/** Poll a feed now, due or not. Null while another process polls it or another feed of its origin. */
export async function pollFeedNow(deps: PollDeps, id: FeedId): Promise<PolledFeed | null> {
  const now = deps.clock();
  const feed = await deps.feeds.claim(id, now, later(now, LEASE_MS));
  return feed && pollFeed(deps, feed);
}

async function pollFeed(deps: PollDeps, feed: Feed): Promise<PolledFeed> {
  const startedAt = deps.clock();
  const fetched = await deps.fetchFeed({
    url: feed.url,
    validators: validatorsToSend(feed.validators, feed.conditions),
    verifyTls: feed.settings.verifyTls,
    reader: { feedId: feed.id, subscribers: feed.subscribers },
  });
  const polled = await savePoll(deps, { feed, fetched, startedAt });
  // Most polls bring nothing: they are for whoever looks for trouble.
  const say = polled.kind === 'unchanged' ? deps.log.debug : deps.log.info;
  say('feed.polled', { feed: feed.url.href, ...pollFields(polled) });
  return polled;
}

interface Poll<Outcome extends FetchOutcome = FetchOutcome> {
  readonly feed: Feed;
  readonly fetched: Outcome;
  readonly startedAt: Date;
}
type Fetched = Extract<FetchOutcome, { kind: 'fetched' }>;
type Bad = Exclude<FetchOutcome, { kind: 'fetched' | 'unchanged' }>;

async function savePoll(deps: PollDeps, { feed, fetched, startedAt }: Poll): Promise<PolledFeed> {
  switch (fetched.kind) {
    case 'fetched':
      return saveFetched(deps, { feed, fetched, startedAt });
    case 'unchanged':
      return saveUnchanged(deps, { feed, fetched, startedAt });
    case 'throttled':
    case 'gone':
    case 'failed':
      return saveFailure(deps, { feed, fetched, startedAt });
  }
}

async function saveFetched(deps: PollDeps, poll: Poll<Fetched>): Promise<PolledFeed> {
  const { feed, fetched } = poll;
  const bodyHash = createHash('sha256').update(fetched.body).digest('hex');
  if (bodyHash === feed.bodyHash) return saveUnchanged(deps, poll);
  const body = { bytes: fetched.body, contentType: fetched.contentType, baseUrl: fetched.url };
  const parsed = await deps.parseFeed(body, await deps.feeds.window(feed.id));
  switch (parsed.kind) {
    case 'parsed':
      return readWithHub(deps, poll, parsed.document, bodyHash);
    case 'not-a-feed': {
      const failed = { kind: 'failed', reason: 'not-a-feed', status: null } as const;
      return saveFailure(deps, { ...poll, fetched: failed }, NOT_A_FEED[parsed.looksLike]);
    }
  }
}

async function readWithHub(
  deps: PollDeps,
  poll: Poll<Fetched>,
  document: FeedDocument,
  bodyHash: string,
): Promise<PolledFeed> {
  const saved = await saveRead(deps, poll, document, bodyHash);
  const { linkHeader, url } = poll.fetched;
  const seen = { linkHeader, url, document, broughtNew: saved.sightings.length > 0 };
  await deps.noteHub?.(poll.feed, seen, deps.clock());
  return { kind: 'read', saved };
}

function saveRead(deps: PollDeps, poll: Poll<Fetched>, document: FeedDocument, bodyHash: string): Promise<SavedPoll> {
  const { feed, fetched } = poll;
  const { cutOff, hints } = document;
  const moment = momentOf(deps, poll);
  const recordOf = (brought: Brought) => afterRead(feed, fetched, { hints, cutOff, brought }, moment);
  const read = { ...document, partial: cutOff, bodyHash: cutOff ? feed.bodyHash : bodyHash };
  return deps.feeds.saveDocument(feed, read, recordOf, moment.now);
}

async function saveUnchanged(
  deps: PollDeps,
  poll: Poll<Extract<FetchOutcome, { kind: 'fetched' | 'unchanged' }>>,
): Promise<PolledFeed> {
  const moment = momentOf(deps, poll);
  await deps.feeds.saveOutcome(poll.feed, afterUnchanged(poll.feed, poll.fetched, moment), moment.now);
  return { kind: 'unchanged' };
}

async function saveFailure(
  deps: PollDeps,
  poll: Poll<Bad>,
  text = pollTrouble(poll.fetched) ?? poll.fetched.kind,
): Promise<PolledFeed> {
  const { feed, fetched } = poll;
  const moment = momentOf(deps, poll);
  const rest =
    fetched.kind === 'throttled' ? restAfter(fetched, await deps.feeds.neighbours(feed, moment.now), moment.now) : null;
  await deps.feeds.saveOutcome(feed, afterFailure(feed, fetched, { text, rest }, moment), moment.now);
  return { kind: 'failed', outcome: fetched.kind, text, mayPass: mayPass(fetched) };
}

/** A document that the feed's hub pushed: the same way as a polled one, but it says nothing of what else the feed holds. */
export async function savePushed(deps: PollDeps, feed: Feed, body: FeedBody): Promise<PolledFeed> {
  const parsed = await deps.parseFeed(body, await deps.feeds.window(feed.id));
  if (parsed.kind === 'not-a-feed') {
    return { kind: 'failed', outcome: 'failed', text: NOT_A_FEED[parsed.looksLike], mayPass: false };
  }
  const document = { ...parsed.document, title: null, siteUrl: null, partial: true, bodyHash: null };
  return { kind: 'read', saved: await deps.feeds.saveDocument(feed, document, null, deps.clock()) };
}

function momentOf(deps: PollDeps, { startedAt }: Pick<Poll, 'startedAt'>): Moment {
  return { startedAt, now: deps.clock(), random: deps.random() };
}

function pollFields(polled: PolledFeed): LogFields {
  switch (polled.kind) {
    case 'read':
      return { outcome: 'read', entries: polled.saved.entries, new: polled.saved.newPosts };
    case 'unchanged':
      return { outcome: 'unchanged' };
    case 'failed':
      return { outcome: polled.outcome, trouble: polled.text };
  }
}
