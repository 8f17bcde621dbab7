import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { later } from '../../src/clock.js';
import { addFeed, type AddFeedDeps } from '../../src/feeds/add-feed.js';
import { pollByHand } from '../../src/feeds/poll-by-hand.js';
import type { FeedView } from '../../src/feeds/feed-store.js';
import { pollDue, pollFeedNow } from '../../src/feeds/poll-feed.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { respond, type FeedServer } from '../support/feed-server.js';
import { startPolling } from '../support/polling.js';

const HOUR_MS = 3_600_000;
const RSS = { 'content-type': 'application/rss+xml' };
let database: TestDatabase;
let stores: Stores;
let server: FeedServer;
let deps: AddFeedDeps;
let close: () => Promise<void>;
let now: Date;

beforeAll(async () => {
  database = await openTestDatabase();
  // The server of a test is the operator's own.
  stores = createStores(database.pool, () => true);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate feeds, posts cascade');
  now = new Date('2026-03-02T00:00:00Z');
  ({ server, deps, close } = await startPolling(stores.feeds, () => now));
});
afterEach(() => close());

const rss = (...titles: string[]) =>
  `<rss version="2.0"><channel><title>Polled</title>${titles.map((title) => `<item><title>${title}</title><guid>${title}</guid></item>`).join('')}</channel></rss>`;

/** Follows the feed at `/feed` as `answer` shows it first. */
async function follow(...answer: Parameters<typeof respond>): Promise<FeedView> {
  server.on('/feed', respond(...answer));
  const added = await addFeed(deps, server.url('/feed').href);
  if (added.kind !== 'added') throw new Error(`not added: ${JSON.stringify(added)}`);
  return stored();
}

async function stored(): Promise<FeedView> {
  const [feed] = await stores.feeds.list();
  if (!feed) throw new Error('no feed is stored');
  return feed;
}

/** Time passes until the feed is due, then it is polled. */
async function pollWhenDue(): Promise<readonly string[]> {
  now = await whenDue();
  return pollAllDue();
}

/** The new sightings. */
async function pollAllDue(): Promise<readonly string[]> {
  const sightings: string[] = [];
  for await (const polled of pollDue(deps)) if (polled.kind === 'read') sightings.push(...polled.saved.sightings);
  return sightings;
}

async function whenDue(): Promise<Date> {
  return (await stored()).nextPollAt ?? new Date(Number.NaN);
}

test('validators go back byte for byte, and an unchanged feed stays as it was', async () => {
  const feed = await follow(
    200,
    { ...RSS, etag: 'W/"odd  value"', 'last-modified': 'yesterday-ish' },
    rss('One', 'Two'),
  );
  expect(feed).toMatchObject({
    title: 'Polled',
    posts: 2,
    validators: { etag: 'W/"odd  value"', lastModified: 'yesterday-ish' },
  });

  server.on('/feed', respond(304, { etag: '"new"' }));
  expect(await pollWhenDue()).toEqual([]);
  expect(server.requests.at(-1)?.headers).toMatchObject({
    'if-none-match': 'W/"odd  value"',
    'if-modified-since': 'yesterday-ish',
  });
  expect(await stored()).toMatchObject({ posts: 2, validators: { etag: '"new"', lastModified: 'yesterday-ish' } });
});

test('a feed is polled when it is due, not before', async () => {
  await follow(200, RSS, rss('One'));
  const asked = server.requests.length;
  now = later(await whenDue(), -1);
  expect(await pollAllDue()).toEqual([]);
  expect(server.requests).toHaveLength(asked);
});

test('what is new is announced once', async () => {
  await follow(200, RSS, rss('Old'));
  server.on('/feed', respond(200, RSS, rss('New', 'Old')));
  expect(await pollWhenDue()).toHaveLength(1);
  expect(await pollWhenDue()).toEqual([]);
});

test('a web page in place of the feed loses nothing: the old validators stay, and what is new comes later', async () => {
  await follow(200, { ...RSS, etag: '"1"' }, rss('Old'));
  server.on(
    '/feed',
    respond(200, { 'content-type': 'text/html', etag: '"page"' }, '<!doctype html><html><body>Sorry</body></html>'),
  );
  expect(await pollWhenDue()).toEqual([]);
  expect(await stored()).toMatchObject({
    validators: { etag: '"1"' },
    failures: 1,
    trouble: expect.stringContaining('web page'),
  });

  server.on('/feed', respond(200, { ...RSS, etag: '"2"' }, rss('New', 'Old')));
  expect(await pollWhenDue()).toHaveLength(1);
  expect(await stored()).toMatchObject({ validators: { etag: '"2"' }, failures: 0, trouble: null });
});

test('a document that breaks off is read as far as it goes and asked for again', async () => {
  await follow(200, { ...RSS, etag: '"1"' }, rss('Old'));
  const whole = rss('New', 'Second', 'Old');
  server.on('/feed', respond(200, { ...RSS, etag: '"2"' }, whole.slice(0, whole.indexOf('Second') + 3)));
  expect(await pollWhenDue()).toHaveLength(1);
  expect(await stored()).toMatchObject({
    validators: { etag: '"1"' },
    bodyHash: expect.any(String),
    trouble: expect.stringContaining('broke off'),
  });

  server.on('/feed', respond(200, { ...RSS, etag: '"2"' }, whole));
  expect(await pollWhenDue()).toHaveLength(1);
});

test('failures back off and never give up; the first good poll forgets them', async () => {
  await follow(200, RSS, rss('Old'));
  server.on('/feed', respond(500));
  const waitsMs = [];
  for (let failure = 0; failure < 8; failure += 1) {
    await pollWhenDue();
    waitsMs.push((await whenDue()).getTime() - now.getTime());
  }
  expect(waitsMs).toEqual([...waitsMs].sort((a, b) => a - b));
  expect(waitsMs.at(-1)).toBe(24 * HOUR_MS);
  server.on('/feed', respond(200, RSS, rss('New', 'Old')));
  expect(await pollWhenDue()).toHaveLength(1);
  expect(await stored()).toMatchObject({ failures: 0, trouble: null });
});

test('two processes never poll one feed at once', async () => {
  await follow(200, RSS, rss('Old'));
  now = await whenDue();
  const asked = server.requests.length;
  await Promise.all(Array.from({ length: 5 }, () => pollAllDue()));
  expect(server.requests).toHaveLength(asked + 1);
});

test('an address that is no feed is not kept, and one line says why', async () => {
  server.on('/page', respond(200, { 'content-type': 'text/html' }, '<!doctype html><html><body>Home</body></html>'));
  server.on('/text', respond(200, {}, 'hello'));
  const say = async (path: string) => {
    const result = await addFeed(deps, server.url(path).href);
    return result.kind === 'failed' ? result.text : result.kind;
  };
  expect(await say('/page')).toMatch(/is a web page that names no feed/);
  expect(await say('/text')).toMatch(/is neither RSS, Atom nor JSON Feed/);
  expect(await say('/none')).toMatch(/answered 404 Not Found/);
  expect(await addFeed(deps, 'not an address')).toMatchObject({
    kind: 'failed',
    text: expect.stringContaining('not a web address'),
  });
  expect(await stores.feeds.list()).toEqual([]);
});

test('a feed is followed once, whoever adds it', async () => {
  await follow(200, RSS, rss('Old'));
  expect(await addFeed(deps, ` ${server.url('/feed#top').href} `)).toMatchObject({ kind: 'already' });
});

test('by hand a feed is polled at once, but an origin that is not ours is not pestered', async () => {
  const feed = await follow(200, RSS, rss('Old'));
  server.on('/feed', respond(200, RSS, rss('New', 'Old')));
  const strangers = { ...deps, isAllowListed: () => false };
  expect(await pollByHand(strangers, feed.id)).toMatchObject({
    kind: 'too-soon',
    nextPollAt: later(now, HOUR_MS / 12),
  });
  expect(await pollByHand(deps, feed.id)).toMatchObject({ kind: 'polled', newPosts: 1 });

  server.on('/feed', respond(429, { 'retry-after': '7200' }));
  expect(await pollByHand(deps, feed.id)).toMatchObject({ kind: 'failed', mayPass: true });
  now = later(now, HOUR_MS);
  expect(await pollByHand(strangers, feed.id)).toMatchObject({
    kind: 'too-soon',
    text: 'the origin asked for a pause',
  });
});

test('a feed that another process polls just now is waited for, not asked twice', async () => {
  const feed = await follow(200, RSS, rss('Old'));
  now = await whenDue();
  const asked = new Promise<() => void>((resolve) => {
    server.on('/feed', (response) => {
      resolve(() => {
        respond(200, RSS, rss('New', 'Old'))(response, response.req);
      });
    });
  });
  const other = pollFeedNow(deps, feed.id);
  const answer = await asked;
  const byHand = pollByHand(deps, feed.id);
  setTimeout(() => {
    now = later(now, 1_000);
    answer();
  }, 400);
  expect(await byHand).toMatchObject({ kind: 'polled', text: 'polled by the running bot just now' });
  expect(await other).toMatchObject({ kind: 'read', saved: { newPosts: 1 } });
});

test('a publisher who is slow to answer holds up nobody else', async () => {
  const paths = Array.from({ length: 80 }, (_, index) => `/feed/${String(index)}`);
  const waiting: (() => void)[] = [];
  for (const [index, path] of paths.entries()) {
    const answer = respond(200, RSS, rss(path));
    const slow = index % 4 === 0;
    server.on(path, (response, request) => {
      if (slow)
        waiting.push(() => {
          answer(response, request);
        });
      else answer(response, request);
    });
  }
  await stores.feeds.add(
    paths.map((path) => ({ url: server.url(path), title: null })),
    now,
    now,
  );
  let polled = 0;
  for await (const { kind } of pollDue(deps)) {
    expect(kind).toBe('read');
    polled += 1;
    if (polled === 60) for (const answer of waiting) answer();
  }
  expect(polled).toBe(80);
});
