import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { later } from '../../src/clock.js';
import { parseAllowList } from '../../src/feeds/fetching/address-guard.js';
import { createFetcher, type Fetcher } from '../../src/feeds/fetching/fetcher.js';
import type { Manners } from '../../src/feeds/fetching/manners.js';
import { parseFeed } from '../../src/feeds/reading/parse-feed.js';
import { pollDue } from '../../src/feeds/poll-feed.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../support/database.js';
import { startPoliteServer, type PoliteServer } from '../support/polite-server.js';

const HOUR_MS = 3_600_000;
const STEP_MS = HOUR_MS / 2;
const DAYS = 30;
const START = new Date('2026-03-02T00:00:00Z');

let database: TestDatabase;
let stores: Stores;
let server: PoliteServer;
let fetcher: Fetcher;
let now = START;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool, () => true);
  server = await startPoliteServer(
    () => now,
    (index) => (5 + 11 * index) * HOUR_MS,
  );
  fetcher = startFetcher();
});
afterAll(async () => {
  await fetcher.close();
  await server.close();
  await database.drop();
});

function startFetcher(): Fetcher {
  const { allow } = parseAllowList([`127.0.0.1:${String(server.port)}`]);
  return createFetcher({ allow, product: 'Tidings/test', about: new URL('https://tidings.test'), clock: () => now });
}

/** Polls whatever is due until `end`, moving the clock to when the next feed is due, but by no less than `STEP_MS`. */
async function pollUntil(end: Date): Promise<void> {
  while (now < end) {
    const deps = { ...fetcher, feeds: stores.feeds, parseFeed, clock: () => now, random: Math.random, log: silentLog };
    let polled = 0;
    for await (const one of pollDue(deps)) {
      expect(one.kind).not.toBe('failed');
      polled += 1;
    }
    if (polled === 0) now = await nextDue(end);
  }
}

async function nextDue(end: Date): Promise<Date> {
  const { rows } = await database.pool.query<{ due: Date | null }>('select min(next_poll_at) as due from feeds');
  const due = rows[0]?.due ?? end;
  return new Date(Math.min(end.getTime(), Math.max(now.getTime() + STEP_MS, due.getTime())));
}

test('in thirty days of polling each feed is asked once without a condition, and nothing is ever invented or early', async () => {
  await stores.feeds.add(
    server.feeds.map(({ url }) => ({ url, title: null })),
    now,
    now,
  );
  const ours: Manners[] = [];
  for (const day of [11, DAYS]) {
    await pollUntil(later(START, day * 24 * HOUR_MS));
    // A restart: the clock goes on from what is stored.
    ours.push(fetcher.manners());
    await fetcher.close();
    fetcher = startFetcher();
  }

  for (const { score, validating } of server.feeds) {
    const { requests, notModified, shortestGapMs, userAgents, ...faults } = score;
    expect({ of: validating.name, ...faults }).toEqual({
      of: validating.name,
      unconditional: 1,
      bogus: 0,
      outOfSequence: 0,
      cookies: 0,
      referrers: 0,
      queries: 0,
      otherMethods: 0,
    });
    expect(requests).toBeGreaterThan(DAYS);
    expect(notModified).toBeGreaterThan(requests / 4);
    expect(shortestGapMs).toBeGreaterThanOrEqual(HOUR_MS);
    expect([...userAgents].join()).toMatch(
      /^Tidings\/test \(\+https:\/\/tidings\.test\/; feed-id [\da-f-]{36}; 0 subscribers\)$/,
    );
  }
  const requests = server.feeds.reduce((sum, { score }) => sum + score.requests, 0);
  expect(ours.map((manners) => manners.requests).reduce((sum, one) => sum + one)).toBe(requests);
  const clean = { unconditionalAgain: 0, outOfSequence: 0, bogus: 0, early: 0, cookies: 0, referrers: 0, altered: 0 };
  expect(ours).toEqual([
    expect.objectContaining({ ...clean, unconditional: server.feeds.length }),
    expect.objectContaining({ ...clean, unconditional: 0 }),
  ]);
}, 300_000);
