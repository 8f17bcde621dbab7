import type { Clock } from '../../clock.js';
import type { HttpAnswer } from './ask.js';
import { isBotCheck } from './bot-check.js';
import { ACCEPTED_CODINGS, decodeContent } from './decode-content.js';
import type { Validators } from '../feed.js';
import type { FeedRequest, FetchFailure, FetchOutcome } from './fetch-outcome.js';
import { ALL_REDIRECTS, followRedirects, type Journey } from './follow-redirects.js';
import { freshForMs, retryAfterMs } from './freshness.js';
import type { HeaderLookup } from './header-lookup.js';
import type { Dispatch } from './manners.js';

export interface FetchFeedDeps {
  readonly dispatchFor: (request: FeedRequest) => Dispatch;
  readonly userAgentFor: (reader: FeedRequest['reader']) => string;
  readonly clock: Clock;
  /** From the first request to the last byte, redirects included. */
  readonly totalMs: number;
  /** Counted after decoding. A longer body is an error, never cut. */
  readonly maxBytes: number;
  readonly maxRedirects: number;
}

const ACCEPT =
  'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1';

/** One poll over the wire. */
export async function fetchFeedOnce(deps: FetchFeedDeps, request: FeedRequest): Promise<FetchOutcome> {
  const outcome = await followRedirects(deps.dispatchFor(request), request.url, {
    maxRedirects: deps.maxRedirects,
    redirects: ALL_REDIRECTS,
    question: {
      method: 'GET',
      headers: headersOf(deps, request),
      feedUrl: request.url,
      maxBytes: deps.maxBytes,
      endsAtMs: performance.now() + deps.totalMs,
      wanted: isWhole,
    },
  });
  return outcome.kind === 'failed' ? outcome : outcomeOf(deps, request.validators, outcome);
}

/** The same for every hop: nothing among them is a secret of one origin. */
function headersOf(deps: FetchFeedDeps, { reader, validators }: FeedRequest): Readonly<Record<string, string>> {
  return {
    'user-agent': deps.userAgentFor(reader),
    accept: ACCEPT,
    'accept-encoding': ACCEPTED_CODINGS,
    ...(validators.etag === null ? {} : { 'if-none-match': validators.etag }),
    ...(validators.lastModified === null ? {} : { 'if-modified-since': validators.lastModified }),
  };
}

/** 203 is a 200 that a proxy has touched (RFC 9110 §15.3.4). */
function isWhole(status: number): boolean {
  return status === 200 || status === 203;
}

async function outcomeOf(deps: FetchFeedDeps, sent: Validators, journey: Journey): Promise<FetchOutcome> {
  const { status, header } = journey.answer;
  if (isWhole(status)) return fetched(deps, journey);
  // "Not modified" answers a condition: to a request without one it says nothing.
  if (status === 304 && (sent.etag ?? sent.lastModified) !== null) {
    const { etag, lastModified } = validatorsOf(header);
    const validators = { etag: etag ?? sent.etag, lastModified: lastModified ?? sent.lastModified };
    return { kind: 'unchanged', validators, freshForMs: freshForMs(header, deps.clock()), movedTo: journey.movedTo };
  }
  return refusalOf(journey.answer, deps.clock());
}

async function fetched(deps: FetchFeedDeps, { answer, url, movedTo }: Journey): Promise<FetchOutcome> {
  const { header, status } = answer;
  const decoded = await decodeContent(answer.body, header('content-encoding'), deps.maxBytes);
  if (decoded.kind === 'failed') return failed(decoded.reason, status);
  return {
    kind: 'fetched',
    body: decoded.body,
    contentType: header('content-type'),
    validators: validatorsOf(header),
    freshForMs: freshForMs(header, deps.clock()),
    url,
    movedTo,
    linkHeader: header('link'),
  };
}

function refusalOf({ status, header }: HttpAnswer, now: Date): FetchOutcome {
  if (isBotCheck(status, header)) return failed('challenge', status);
  if (status === 429 || status === 503) {
    return { kind: 'throttled', status, retryAfterMs: retryAfterMs(header('retry-after'), now) };
  }
  return status === 410 ? { kind: 'gone' } : failed('status', status);
}

function validatorsOf(header: HeaderLookup): Validators {
  return { etag: header('etag'), lastModified: header('last-modified') };
}

function failed(reason: FetchFailure, status: number): FetchOutcome {
  return { kind: 'failed', reason, status };
}
