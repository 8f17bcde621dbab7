import { setTimeout as sleep } from 'node:timers/promises';
import { commonFeedUrls } from './common-paths.js';
import { decodeBody } from '../reading/decode-body.js';
import { foldCandidates, type FeedCandidate } from './feed-candidates.js';
import type { FeedDocument, ParseFeed, ParseOutcome } from '../reading/feed-document.js';
import { NO_VALIDATORS } from '../feed.js';
import type { FetchFeed, FetchOutcome } from '../fetching/fetch-outcome.js';
import { knownFeedsOf } from './known-feeds.js';
import { feedLinksOf, headerFeedsOf } from './page-links.js';
import { mayPass, NOT_A_FEED, pollTrouble } from '../poll-trouble.js';
import type { FeedFailure, SeveralFeeds } from '../poll-result.js';

export interface DiscoverDeps {
  readonly fetchFeed: FetchFeed;
  readonly parseFeed: ParseFeed;
  /** Hosts of the operator's own, which need no courtesy. */
  readonly isAllowListed: (url: URL) => boolean;
  /** False only where the operator has said so for this address. */
  readonly verifyTls?: boolean;
}

type Fetched = Extract<FetchOutcome, { readonly kind: 'fetched' }>;

/** What an address leads to. */
export type Discovered =
  | {
      readonly kind: 'feed';
      readonly url: URL;
      /** The answer that proved it: whoever follows the feed need not ask again. */
      readonly fetched: Fetched;
      readonly document: FeedDocument;
    }
  | SeveralFeeds
  | FeedFailure;

/** Between two requests for addresses that are only guessed. */
const PAUSE_MS = 1_000;

/**
 * Finds the feed of an address: itself, or the one that its host is known to keep, its page names, or a usual path
 * holds. No more than a few requests, one after another; a page that names feeds is never searched by guessing.
 */
export async function discoverFeed(deps: DiscoverDeps, address: URL): Promise<Discovered> {
  const known = knownFeedsOf(address);
  const [only, another] = known;
  if (only && !another) {
    const looked = await look(deps, only.url);
    if (looked.kind === 'feed') return looked;
    if (looked.kind === 'failed' && !isAbsent(looked.outcome)) return failureAt(only.url, looked);
  }
  const page = await look(deps, address);
  if (page.kind === 'feed') return page;
  if (known.length > 1 && mayExist(page)) return { kind: 'choose', page: address, candidates: known };
  return page.kind === 'page' ? discoverInPage(deps, address, page.fetched) : failureAt(address, page);
}

async function discoverInPage(deps: DiscoverDeps, address: URL, fetched: Fetched): Promise<Discovered> {
  const tried = new Set([address.href, fetched.url.href]);
  const asked: string[] = [];
  for (const source of candidatesOf(fetched)) {
    const candidates = foldCandidates(source).filter(({ url }) => !tried.has(url.href));
    if (candidates.length > 1) return { kind: 'choose', page: fetched.url, candidates };
    const found = await firstFeed(deps, candidates);
    if (found) return found;
    for (const { url } of candidates) {
      tried.add(url.href);
      asked.push(url.href);
    }
  }
  if (asked.length === 0) return probe(deps, address, fetched.url);
  return failure(`${address.href} is a web page, and the feed it names cannot be read: ${asked.join(', ')}`, false);
}

/** What the header and the head state, then what the page's own address tells, then what its text links to. */
function candidatesOf({ body, contentType, linkHeader, url }: Fetched): (readonly FeedCandidate[])[] {
  const { stated, anchors, canonical } = feedLinksOf(decodeBody(body, contentType), url);
  const known = canonical ? knownFeedsOf(canonical) : [];
  return [[...headerFeedsOf(linkHeader ?? '', url), ...stated], known, anchors];
}

async function probe(deps: DiscoverDeps, address: URL, page: URL): Promise<Discovered> {
  const tried: string[] = [];
  for (const url of commonFeedUrls(page)) {
    if (!deps.isAllowListed(url)) await sleep(PAUSE_MS);
    const looked = await look(deps, url);
    if (looked.kind === 'feed') return looked;
    tried.push(url.pathname);
    if (looked.kind === 'failed' && !isAbsent(looked.outcome)) break;
  }
  const text = `${address.href} is a web page that names no feed, and there is none at ${tried.join(', ')}: give the address of the feed itself`;
  return failure(text, false);
}

/** The first that is one. */
async function firstFeed(
  deps: DiscoverDeps,
  candidates: readonly FeedCandidate[],
): Promise<Extract<Looked, { kind: 'feed' }> | null> {
  for (const { url } of candidates) {
    const looked = await look(deps, url);
    if (looked.kind === 'feed') return looked;
  }
  return null;
}

type Looked =
  | Extract<Discovered, { kind: 'feed' }>
  | { readonly kind: 'page'; readonly fetched: Fetched }
  | { readonly kind: 'no-feed'; readonly looksLike: Extract<ParseOutcome, { kind: 'not-a-feed' }>['looksLike'] }
  | { readonly kind: 'failed'; readonly outcome: Exclude<FetchOutcome, { kind: 'fetched' }> };

async function look(deps: DiscoverDeps, url: URL): Promise<Looked> {
  const { verifyTls = true } = deps;
  const fetched = await deps.fetchFeed({ url, validators: NO_VALIDATORS, verifyTls, reader: null });
  if (fetched.kind !== 'fetched') return { kind: 'failed', outcome: fetched };
  const { body: bytes, contentType } = fetched;
  const parsed = await deps.parseFeed({ bytes, contentType, baseUrl: fetched.url }, new Set());
  if (parsed.kind === 'parsed') return { kind: 'feed', url, fetched, document: parsed.document };
  const isPage = parsed.looksLike === 'html' || (parsed.looksLike === 'other' && /html/i.test(contentType ?? ''));
  return isPage ? { kind: 'page', fetched } : { kind: 'no-feed', looksLike: parsed.looksLike };
}

/** A host that refuses robots its pages may still serve its feeds. */
function mayExist(page: Exclude<Looked, { kind: 'feed' }>): boolean {
  if (page.kind !== 'failed') return true;
  return page.outcome.kind === 'failed' && (page.outcome.status === 403 || page.outcome.status === 401);
}

/** The answer speaks of this one address, not of the whole site. */
function isAbsent(outcome: Exclude<FetchOutcome, { kind: 'fetched' }>): boolean {
  if (outcome.kind === 'gone') return true;
  return outcome.kind === 'failed' && outcome.reason === 'status' && (outcome.status ?? 500) < 500;
}

function failureAt(url: URL, looked: Extract<Looked, { kind: 'no-feed' | 'failed' }>): FeedFailure {
  if (looked.kind === 'no-feed') return failure(`${url.href} ${NOT_A_FEED[looked.looksLike]}`, false);
  const { outcome } = looked;
  const text = pollTrouble(outcome) ?? 'gave an unexpected answer';
  const advice = outcome.kind === 'failed' && outcome.reason === 'tls' ? ', or add it with --insecure-tls' : '';
  return failure(`${url.href} ${text}${advice}`, mayPass(outcome));
}

function failure(text: string, mayPass: boolean): FeedFailure {
  return { kind: 'failed', text, mayPass };
}
