import { createServer } from 'node:http';
import { answerCalls } from '../support/child-calls.js';
import type { OriginCall, OriginReply } from './origin.js';

/** The publishers of a bench: a process of its own that serves many feeds and knows of nothing else. */
const [feeds = 0, entriesPerFeed = 0, textBytes = 0] = process.argv.slice(2).map(Number);

const RSS = 'application/rss+xml; charset=utf-8';
const FIRST_AT = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const SYLLABLES =
  'ba be bi bo da de di do fa fe ga go ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se'.split(' ');
/** Entries published so far, by feed. */
const published = new Array<number>(feeds).fill(entriesPerFeed);
const bodies: Buffer[] = [];
let port = 0;
let seen: OriginReply = fresh();

function fresh(): OriginReply {
  return { port, requests: 0, bodies: 0, unconditional: 0, firstAt: 0, lastAt: 0 };
}

/** Words that repeat from run to run and never from entry to entry. */
function words(seed: number, length: number): string {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const word = [27, 22, 17].slice(0, 2 + (state & 1)).map((shift) => SYLLABLES[(state >>> shift) % SYLLABLES.length]);
    text += `${word.join('')} `;
  }
  return text.trim();
}

function entry(feed: number, n: number): string {
  const seed = feed * 100_003 + n;
  const link = `http://127.0.0.1:${String(port)}/feeds/${String(feed)}/posts/${String(n)}`;
  const date = new Date(FIRST_AT + n * HOUR_MS).toUTCString();
  const [half, rest] = [words(seed, textBytes / 2), words(seed + 7, textBytes / 2)];
  return `<item><title>${words(seed + 3, 40)}</title><link>${link}</link><guid>${link}</guid><pubDate>${date}</pubDate><category>${words(seed + 5, 6)}</category><description>&lt;p&gt;${half}&lt;/p&gt;&lt;p&gt;${rest}&lt;/p&gt;</description></item>\n`;
}

function bodyOf(feed: number): Buffer {
  const newest = published[feed] ?? 0;
  const entries = Array.from({ length: entriesPerFeed }, (_, index) => entry(feed, newest - index)).join('');
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Feed ${String(feed)}</title><link>http://127.0.0.1:${String(port)}/feeds/${String(feed)}</link>\n${entries}</channel></rss>`,
  );
}

/** One more entry in this share of the feeds, made before anybody asks for it. */
function publish(share: number): void {
  const every = Math.round(1 / share);
  for (let feed = 0; feed < feeds; feed += every) {
    published[feed] = (published[feed] ?? 0) + 1;
    bodies[feed] = bodyOf(feed);
  }
}

const server = createServer((request, response) => {
  const feed = Number(request.url?.slice('/feeds/'.length));
  const etag = `"${String(published[feed])}"`;
  const asked = request.headers['if-none-match'];
  const now = Date.now();
  seen = {
    ...seen,
    requests: seen.requests + 1,
    unconditional: seen.unconditional + (asked === undefined ? 1 : 0),
    bodies: seen.bodies + (asked === etag ? 0 : 1),
    firstAt: seen.firstAt || now,
    lastAt: now,
  };
  if (asked === etag) {
    response.writeHead(304, { etag });
    response.end();
    return;
  }
  const body = (bodies[feed] ??= bodyOf(feed));
  response.writeHead(200, { 'content-type': RSS, 'content-length': body.length, etag });
  response.end(body);
});

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
port = typeof address === 'object' && address ? address.port : 0;
seen = fresh();
for (let feed = 0; feed < feeds; feed += 1) bodies[feed] = bodyOf(feed);

await answerCalls((call): Promise<OriginReply> => {
  const { publish: share } = call as OriginCall;
  const reply = seen;
  if (share !== null) {
    if (share > 0) publish(share);
    seen = fresh();
  }
  return Promise.resolve(reply);
});
