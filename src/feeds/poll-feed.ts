import { createHash } from 'node:crypto';
import type { FeedId, SightingId } from '../ids.js';
import { later, type Clock } from '../clock.js';
import type { LogFields, Logger } from '../log.js';
import type { Feed, Validators } from './feed.js';
import type { FeedDocument, ParseOutcome } from './feed-document.js';
import type { FeedStore, PollRecord, SavedPoll } from './feed-store.js';
import type { FetchFeed, FetchOutcome } from './fetch-outcome.js';
import { nextPollAt, pollTrouble } from './schedule.js';

/** Twice what a fetch may take, so that a slow origin is never polled by two processes at once. */
export const LEASE_MS = 60_000;

export interface PollDeps {
  readonly feeds: Pick<FeedStore, 'due' | 'claim' | 'saveDocument' | 'saveOutcome'>;
  readonly fetchFeed: FetchFeed;
  readonly parseFeed: (body: Uint8Array, contentType: string | null, baseUrl: URL) => Promise<ParseOutcome>;
  readonly clock: Clock;
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

/** Poll one feed if it is due and ours to poll. Returns the sightings that are to be matched. */
export async function pollDueFeed(deps: PollDeps, id: FeedId): Promise<readonly SightingId[]> {
  const feed = await deps.feeds.claim(id, deps.clock(), later(deps.clock(), LEASE_MS), 'due');
  if (!feed) return [];
  const polled = await pollFeed(deps, feed);
  return polled.kind === 'read' ? polled.saved.sightings : [];
}

/** Poll a feed now, due or not. Null while another process polls it. */
export async function pollFeedNow(deps: PollDeps, id: FeedId): Promise<PolledFeed | null> {
  const feed = await deps.feeds.claim(id, deps.clock(), later(deps.clock(), LEASE_MS), 'now');
  return feed && pollFeed(deps, feed);
}

async function pollFeed(deps: PollDeps, feed: Feed): Promise<PolledFeed> {
  const fetched = await deps.fetchFeed(feed.url, feed.validators);
  const polled = await savePoll(deps, feed, fetched);
  deps.log.info('feed.polled', { feed: feed.url.href, ...pollFields(polled) });
  return polled;
}

async function savePoll(deps: PollDeps, feed: Feed, fetched: FetchOutcome): Promise<PolledFeed> {
  switch (fetched.kind) {
    case 'fetched':
      return saveFetched(deps, feed, fetched);
    case 'unchanged':
      await deps.feeds.saveOutcome(feed, recordOf(deps, feed, fetched, fetched.validators), deps.clock());
      return { kind: 'unchanged' };
    case 'throttled':
    case 'gone':
    case 'failed':
      return saveFailure(deps, feed, fetched);
  }
}

async function saveFetched(
  deps: PollDeps,
  feed: Feed,
  fetched: Extract<FetchOutcome, { kind: 'fetched' }>,
): Promise<PolledFeed> {
  const record = recordOf(deps, feed, fetched, fetched.validators);
  const bodyHash = createHash('sha256').update(fetched.body).digest('hex');
  if (bodyHash === feed.bodyHash) {
    await deps.feeds.saveOutcome(feed, record, deps.clock());
    return { kind: 'unchanged' };
  }
  const parsed = await deps.parseFeed(fetched.body, fetched.contentType, fetched.url);
  switch (parsed.kind) {
    case 'parsed':
      return { kind: 'read', saved: await saveParsed(deps, feed, { ...parsed.document, bodyHash }, record) };
    case 'not-a-feed':
      // The old validators stay: the document that they would hide was never stored.
      return saveFailure(
        deps,
        feed,
        { kind: 'failed', reason: 'not-a-feed', status: null },
        LOOKS_LIKE[parsed.looksLike],
      );
  }
}

/** What a document that broke off lacks must not be hidden by its validators: the next poll asks for it again. */
function saveParsed(
  deps: PollDeps,
  feed: Feed,
  document: FeedDocument & { readonly bodyHash: string },
  record: PollRecord,
): Promise<SavedPoll> {
  if (!document.cutOff) return deps.feeds.saveDocument(feed, document, record, deps.clock());
  const incomplete = { ...document, bodyHash: feed.bodyHash };
  const asBefore = { ...record, validators: feed.validators, trouble: CUT_OFF };
  return deps.feeds.saveDocument(feed, incomplete, asBefore, deps.clock());
}

const CUT_OFF = 'broke off: what came before the break was read, and it is asked again';

const LOOKS_LIKE = {
  html: 'is a web page, not a feed: look for the feed address on that page',
  empty: 'is an empty document',
  'broken-xml': 'is a feed too broken to be read: its publisher must mend it',
  other: 'is neither RSS, Atom nor JSON Feed: check the address',
} as const;

async function saveFailure(
  deps: PollDeps,
  feed: Feed,
  outcome: Exclude<FetchOutcome, { kind: 'fetched' | 'unchanged' }>,
  trouble = pollTrouble(outcome) ?? outcome.kind,
): Promise<PolledFeed> {
  const record = { ...recordOf(deps, feed, outcome, feed.validators), failures: feed.failures + 1, trouble };
  await deps.feeds.saveOutcome(feed, record, deps.clock());
  return { kind: 'failed', outcome: outcome.kind, text: trouble, mayPass: mayPass(outcome) };
}

function recordOf(deps: PollDeps, feed: Feed, outcome: FetchOutcome, validators: Validators): PollRecord {
  const next = nextPollAt(outcome, feed, deps.clock(), deps.random());
  const notBefore = outcome.kind === 'throttled' ? next : null;
  return { nextPollAt: next, notBefore, validators, failures: 0, trouble: null };
}

function mayPass(outcome: FetchOutcome): boolean {
  if (outcome.kind !== 'failed') return outcome.kind === 'throttled';
  return outcome.reason === 'timeout' || outcome.reason === 'connection' || (outcome.status ?? 0) >= 500;
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
