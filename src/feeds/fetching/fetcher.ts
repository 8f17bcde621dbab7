import type { Agent } from 'undici';
import type { Clock } from '../../clock.js';
import type { AllowList } from './address-guard.js';
import { fetchFeedOnce } from './fetch-feed.js';
import type { FeedRequest, FetchFeed } from './fetch-outcome.js';
import { createFetchPage, type FetchPage } from './fetch-page.js';
import { createGuardedAgent, systemResolve, type Resolve } from './guarded-agent.js';
import { createManners, type Manners } from './manners.js';
import { tallied, type PollTally } from './poll-tally.js';
import { createPostForm, type PostForm } from './post-form.js';

export interface FetchLimits {
  readonly connectMs: number;
  readonly firstByteMs: number;
  /** From the first request to the last byte, redirects included. */
  readonly totalMs: number;
  /** Counted after decoding. A longer body is an error, never cut. */
  readonly maxBytes: number;
  readonly maxRedirects: number;
}

const FETCH_LIMITS: FetchLimits = {
  connectMs: 5_000,
  firstByteMs: 15_000,
  totalMs: 30_000,
  maxBytes: 10 * 1024 * 1024,
  maxRedirects: 5,
};

export interface FetcherOptions {
  readonly allow: AllowList;
  /** "Tidings/0.1.0" */
  readonly product: string;
  /** Where a publisher can read who asks. */
  readonly about: URL;
  readonly clock: Clock;
  readonly limits?: Partial<FetchLimits>;
  readonly resolve?: Resolve;
}

/** All traffic to the web: polite, and only to where the operator allows. */
export interface Fetcher {
  readonly fetchFeed: FetchFeed;
  readonly fetchPage: FetchPage;
  readonly postForm: PostForm;
  /** How our polls have behaved since the process began. */
  readonly manners: () => Manners;
  readonly tally: () => PollTally;
  /** Ends the connections that are open. */
  readonly close: () => Promise<void>;
}

export function createFetcher(options: FetcherOptions): Fetcher {
  const limits = { ...FETCH_LIMITS, ...options.limits };
  const { allow, clock, product, about, resolve = systemResolve } = options;
  const agent = (verifyTls: boolean): Agent =>
    createGuardedAgent({ ...limits, allow, resolve, verifyTls, silenceMs: limits.firstByteMs });
  const verifying = agent(true);
  const trusting = agent(false);
  const manners = createManners(clock);
  const send = verifying.dispatch.bind(verifying);
  const poll = manners.watch(send);
  const pollUnverified = manners.watch(trusting.dispatch.bind(trusting));
  const userAgentFor = (reader: FeedRequest['reader']) => userAgent(product, about, reader);
  const feedDeps = {
    ...limits,
    clock,
    userAgentFor,
    dispatchFor: ({ verifyTls }: FeedRequest) => (verifyTls ? poll : pollUnverified),
  };
  const { fetchFeed, tally } = tallied((request) => fetchFeedOnce(feedDeps, request));
  return {
    fetchFeed,
    fetchPage: createFetchPage(send, userAgentFor(null)),
    postForm: createPostForm(send, userAgentFor(null), clock),
    manners: manners.counts,
    tally,
    close: async () => {
      await Promise.all([verifying.destroy(), trusting.destroy()]);
    },
  };
}

/** `Tidings/0.1.0 (+https://example.org; feed-id 7d…; 12 subscribers)` */
function userAgent(product: string, about: URL, reader: FeedRequest['reader']): string {
  const audience = reader ? `; feed-id ${reader.feedId}; ${subscribers(reader.subscribers)}` : '';
  return `${product} (+${about.href}${audience})`;
}

function subscribers(count: number): string {
  return `${String(count)} subscriber${count === 1 ? '' : 's'}`;
}
