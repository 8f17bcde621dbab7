import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../../src/clock.js';

/** How one feed's reader behaved, counted by the server from what reached it (after rachelbythebay.com/fs/help.html). */
export interface ReaderScore {
  requests: number;
  unconditional: number;
  notModified: number;
  /** Validators that this feed never gave. */
  bogus: number;
  /** Validators that it gave, but not last. */
  outOfSequence: number;
  cookies: number;
  referrers: number;
  queries: number;
  otherMethods: number;
  /** Between two requests. */
  shortestGapMs: number;
  userAgents: Set<string>;
}

/** What a server gives with version `version` of a document; `answer` counts its answers. Null: no such validator. */
export interface Validating {
  readonly name: string;
  readonly etag: (version: number, answer: number) => string | null;
  readonly lastModified: (version: number, answer: number) => string | null;
  /** Compression spoils the ETag on its way back: only a date that comes alone is understood. */
  readonly deafToEtags?: boolean;
}

const date = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toUTCString();
const none = (): null => null;

const VALIDATING: readonly Validating[] = [
  { name: 'strong', etag: (v) => `"v${String(v)}"`, lastModified: date },
  { name: 'weak', etag: (v) => `W/"v${String(v)}"`, lastModified: date },
  { name: 'spaces', etag: (v) => `"v  ${String(v)} - \\"x\\"--gzip"`, lastModified: date },
  { name: 'unquoted', etag: (v) => `v${String(v)}`, lastModified: date },
  { name: 'beyond ASCII', etag: (v) => `"caf\u00e9-${String(v)}"`, lastModified: date },
  { name: 'no date', etag: (v) => `"v${String(v)}"`, lastModified: none },
  { name: 'no ETag', etag: none, lastModified: date },
  { name: 'odd date', etag: none, lastModified: (v) => `Thu, 01 Jan 2026 0:00:00 +0000 (sic) ${String(v)}` },
  { name: 'new ETag each time', etag: (v, answer) => `"v${String(v)}-${String(answer)}"`, lastModified: date },
  { name: 'touched', etag: (v) => `"v${String(v)}"`, lastModified: (v, answer) => date(v + answer) },
  { name: 'deaf', etag: (v) => `"v${String(v)}-gzip"`, lastModified: date, deafToEtags: true },
];

export interface PoliteFeed {
  readonly url: URL;
  readonly validating: Validating;
  readonly score: ReaderScore;
}

export interface PoliteServer {
  readonly port: number;
  readonly feeds: readonly PoliteFeed[];
  readonly close: () => Promise<void>;
}

interface Kept extends PoliteFeed {
  readonly changeEveryMs: number;
  readonly given: Record<'etag' | 'lastModified', string[]>;
  askedAtMs: number;
  answers: number;
  /** Of the last answer. */
  version: number | null;
}

/**
 * A real HTTP server of feeds on the loopback interface, one for each way of validating. Each changes every
 * `changeEveryMs(index)` of `clock`'s time.
 */
export async function startPoliteServer(clock: Clock, changeEveryMs: (index: number) => number): Promise<PoliteServer> {
  const byPath = new Map<string, Kept>();
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://x');
    const feed = byPath.get(pathname);
    if (!feed) response.writeHead(404).end();
    else answer(feed, { request, response, search, now: clock() });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  VALIDATING.forEach((validating, index) => {
    const url = new URL(`http://127.0.0.1:${String(port)}/feed/${String(index)}`);
    byPath.set(url.pathname, {
      url,
      validating,
      score: noScore(),
      changeEveryMs: changeEveryMs(index),
      given: { etag: [], lastModified: [] },
      askedAtMs: -Infinity,
      answers: 0,
      version: null,
    });
  });
  return {
    port,
    feeds: [...byPath.values()],
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly search: string;
  readonly now: Date;
}

function answer(feed: Kept, visit: Visit): void {
  const { request, response, now } = visit;
  const version = Math.floor(now.getTime() / feed.changeEveryMs) % 10_000;
  const unchanged = version === feed.version && isCurrent(feed, request);
  note(feed, visit);
  feed.version = version;
  feed.answers += 1;
  feed.askedAtMs = now.getTime();
  const etag = feed.validating.etag(version, feed.answers);
  const lastModified = feed.validating.lastModified(version, feed.answers);
  if (etag !== null) feed.given.etag.push(etag);
  if (lastModified !== null) feed.given.lastModified.push(lastModified);
  if (unchanged) feed.score.notModified += 1;
  response.writeHead(unchanged ? 304 : 200, [
    ...['content-type', 'application/rss+xml', 'set-cookie', 'reader=1'],
    ...(etag === null ? [] : ['etag', etag]),
    ...(lastModified === null ? [] : ['last-modified', lastModified]),
  ]);
  response.end(unchanged ? '' : rss(version));
}

/** Compared with what was given last, byte for byte; an ETag beside a date decides alone (RFC 9110 §13.1.3). */
function isCurrent({ validating, given }: Kept, { headers }: IncomingMessage): boolean {
  const etag = headers['if-none-match'];
  if (etag !== undefined) return !validating.deafToEtags && etag === given.etag.at(-1);
  return headers['if-modified-since'] !== undefined && headers['if-modified-since'] === given.lastModified.at(-1);
}

function note({ score, given, askedAtMs }: Kept, { request, search, now }: Visit): void {
  const { headers, method } = request;
  const etag = headers['if-none-match'];
  const since = headers['if-modified-since'];
  score.requests += 1;
  if (etag === undefined && since === undefined) score.unconditional += 1;
  noteValidator(score, etag, given.etag);
  noteValidator(score, since, given.lastModified);
  if (headers.cookie !== undefined) score.cookies += 1;
  if (headers.referer !== undefined) score.referrers += 1;
  if (search !== '') score.queries += 1;
  if (method !== 'GET') score.otherMethods += 1;
  score.shortestGapMs = Math.min(score.shortestGapMs, now.getTime() - askedAtMs);
  score.userAgents.add(headers['user-agent'] ?? '');
}

function noteValidator(score: ReaderScore, sent: string | undefined, given: readonly string[]): void {
  if (sent === undefined || sent === given.at(-1)) return;
  if (given.includes(sent)) score.outOfSequence += 1;
  else score.bogus += 1;
}

function rss(version: number): string {
  const items = [0, 1, 2].map((back) => {
    const name = `Item ${String(version - back)}`;
    return `<item><title>${name}</title><guid isPermaLink="false">${name}</guid></item>`;
  });
  return `<rss version="2.0"><channel><title>Polite</title>${items.join('')}</channel></rss>`;
}

function noScore(): ReaderScore {
  return {
    requests: 0,
    unconditional: 0,
    notModified: 0,
    bogus: 0,
    outOfSequence: 0,
    cookies: 0,
    referrers: 0,
    queries: 0,
    otherMethods: 0,
    shortestGapMs: Infinity,
    userAgents: new Set(),
  };
}
