import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.js';
import { httpUrl } from '../posts/http-url.js';
import { isAllowedUrl, type AllowList } from './address-guard.js';
import type { Validators } from './feed.js';
import type { FeedRequest, FetchFailure, FetchFeed, FetchOutcome } from './fetch-outcome.js';
import { freshForMs, retryAfterMs, type HeaderLookup } from './freshness.js';
import { createGuardedAgent, systemResolve, type Resolve } from './guarded-agent.js';
import { networkTrouble } from './network-trouble.js';
import { ACCEPTED_CODINGS, discard, readBody } from './read-body.js';

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

export interface FetchFeedOptions {
  readonly allow: AllowList;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly limits?: Partial<FetchLimits>;
  readonly resolve?: Resolve;
}

const ACCEPT =
  'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1';
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PERMANENT = new Set([301, 308]);

/** Fetches feeds politely and only from where the operator allows. `close` ends the connections that are open. */
export function createFetchFeed(options: FetchFeedOptions): {
  readonly fetchFeed: FetchFeed;
  readonly close: () => Promise<void>;
} {
  const limits = { ...FETCH_LIMITS, ...options.limits };
  const { allow, resolve = systemResolve } = options;
  const agent = createGuardedAgent({ ...limits, allow, resolve, silenceMs: limits.firstByteMs });
  const context: FetchContext = { ...options, limits, agent };
  return {
    fetchFeed: async (request) => {
      try {
        return await follow(context, request);
      } catch (error) {
        const reason = networkTrouble(error);
        if (!reason) throw error;
        return failed(reason);
      }
    },
    close: () => agent.destroy(),
  };
}

interface FetchContext extends FetchFeedOptions {
  readonly limits: FetchLimits;
  readonly agent: Dispatcher;
}

/** Redirects are followed by hand, so that each hop passes the guard. */
async function follow(context: FetchContext, { url: start, validators }: FeedRequest): Promise<FetchOutcome> {
  const signal = AbortSignal.timeout(context.limits.totalMs);
  let url = start;
  let forGood = true;
  for (let hops = 0; hops <= context.limits.maxRedirects; hops += 1) {
    if (!isAllowedUrl(url)) return failed('blocked-address');
    const response = await request(context, url, { validators, signal });
    const header = headerLookup(response.headers);
    if (!REDIRECTS.has(response.statusCode)) {
      const movedTo = hops > 0 && forGood ? url : null;
      return outcomeOf(context, { response, header, url, sent: validators, movedTo });
    }
    forGood &&= PERMANENT.has(response.statusCode);
    discard(response.body);
    const next = httpUrl(header('location') ?? '', url);
    if (!next || header('location') === null) return failed('redirects', response.statusCode);
    url = next;
  }
  return failed('redirects');
}

function request(
  { agent, userAgent }: FetchContext,
  url: URL,
  { validators, signal }: { readonly validators: Validators; readonly signal: AbortSignal },
): Promise<Dispatcher.ResponseData> {
  return agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'GET',
    signal,
    headers: {
      'user-agent': userAgent,
      accept: ACCEPT,
      'accept-encoding': ACCEPTED_CODINGS,
      ...(validators.etag === null ? {} : { 'if-none-match': validators.etag }),
      ...(validators.lastModified === null ? {} : { 'if-modified-since': validators.lastModified }),
    },
  });
}

interface Answer {
  readonly response: Dispatcher.ResponseData;
  readonly header: HeaderLookup;
  readonly url: URL;
  readonly sent: Validators;
  readonly movedTo: URL | null;
}

async function outcomeOf(context: FetchContext, answer: Answer): Promise<FetchOutcome> {
  const { response, header, sent, movedTo } = answer;
  if (response.statusCode === 200) return fetched(context, answer);
  discard(response.body);
  // "Not modified" answers a condition: to a request without one it says nothing.
  if (response.statusCode === 304 && (sent.etag ?? sent.lastModified) !== null) {
    const { etag, lastModified } = validatorsOf(header);
    const validators = { etag: etag ?? sent.etag, lastModified: lastModified ?? sent.lastModified };
    return { kind: 'unchanged', validators, freshForMs: freshForMs(header, context.clock()), movedTo };
  }
  return refusalOf(response.statusCode, header, context.clock());
}

async function fetched(context: FetchContext, { response, header, url, movedTo }: Answer): Promise<FetchOutcome> {
  const read = await readBody(response.body, header('content-encoding'), context.limits.maxBytes);
  switch (read.kind) {
    case 'read':
      return {
        kind: 'fetched',
        body: read.body,
        contentType: header('content-type'),
        validators: validatorsOf(header),
        freshForMs: freshForMs(header, context.clock()),
        url,
        movedTo,
        linkHeader: header('link'),
      };
    case 'too-large':
      return failed('too-large', 200);
    case 'unknown-coding':
      return failed('connection', 200);
  }
}

function refusalOf(status: number, header: HeaderLookup, now: Date): FetchOutcome {
  if (status === 429 || status === 503) {
    return { kind: 'throttled', status, retryAfterMs: retryAfterMs(header('retry-after'), now) };
  }
  if (status === 410) return { kind: 'gone' };
  if (status === 403 && header('cf-mitigated') === 'challenge') return failed('challenge', status);
  return failed('status', status);
}

function validatorsOf(header: HeaderLookup): Validators {
  return { etag: header('etag'), lastModified: header('last-modified') };
}

function headerLookup(headers: Dispatcher.ResponseData['headers']): HeaderLookup {
  return (name) => {
    const value = headers[name];
    // Only list-valued headers may come more than once, and they mean the same joined (RFC 9110 §5.3).
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  };
}

function failed(reason: FetchFailure, status: number | null = null): FetchOutcome {
  return { kind: 'failed', reason, status };
}
