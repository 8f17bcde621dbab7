import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { later } from '../../src/clock.js';
import type { Feed } from '../../src/feeds/feed.js';
import type { Rest } from '../../src/feeds/feed-store.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { goodPoll } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const LEASE = later(NOW, 60_000);
const HOUR_MS = 3_600_000;
let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool, ({ hostname }) => hostname === 'intranet.example');
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query('truncate feeds, origins cascade'));

async function follow(...addresses: string[]): Promise<void> {
  await stores.feeds.add(
    addresses.map((address) => ({ url: new URL(address), title: null })),
    NOW,
    NOW,
  );
}

const claim = (at = NOW, limit = 100) => stores.feeds.claimDue(at, later(at, 60_000), limit);
const addresses = (feeds: readonly Feed[]) => feeds.map(({ url }) => url.href).sort();

/** The poll of a claimed feed ends after a second. */
async function end(feed: Feed, rest: Rest | null = null, startedAt = NOW): Promise<void> {
  const record = goodPoll(startedAt, { nextPollAt: startedAt, rest });
  await stores.feeds.saveOutcome(feed, record, later(startedAt, 1_000));
}

async function claimOne(at = NOW): Promise<Feed> {
  const [feed] = await claim(at);
  if (!feed) throw new Error('nothing could be claimed');
  return feed;
}

describe('one origin', () => {
  test('is asked one thing at a time, and two seconds after the last start at the soonest', async () => {
    await follow('https://a.example/1', 'https://a.example/2', 'https://a.example/3');
    const first = await claimOne();
    expect(await claim(later(NOW, 5_000))).toEqual([]);
    await end(first);
    expect(await claim(later(NOW, 1_999))).toEqual([]);
    expect(await claim(later(NOW, 2_000))).toHaveLength(1);
  });

  test('is not asked twice at once by many processes', async () => {
    await follow(...Array.from({ length: 20 }, (_, index) => `https://a.example/${String(index)}`));
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim()));
    expect(claims.flat()).toHaveLength(1);
  });

  test('is free again when a process died with it', async () => {
    await follow('https://a.example/1', 'https://a.example/2');
    await claimOne();
    expect(await claim(later(LEASE, -1))).toEqual([]);
    expect(await claim(LEASE)).toHaveLength(1);
  });

  test('another scheme or port is another origin of the same house', async () => {
    await follow('https://a.example/', 'http://a.example/', 'https://a.example:8443/');
    expect(await claim()).toHaveLength(2);
  });
});

test('two origins of a house at a time, hosting platforms being one house', async () => {
  await follow('https://a.github.io/', 'https://b.github.io/', 'https://c.github.io/', 'https://a.example/');
  const claimed = await claim();
  expect(addresses(claimed)).toEqual(['https://a.example/', expect.any(String), expect.any(String)]);
  expect(await claim()).toEqual([]);
  const ours = claimed.find(({ url }) => url.host.endsWith('github.io'));
  if (ours) await end(ours);
  expect(await claim(later(NOW, 2_000))).toMatchObject([{ url: { host: expect.stringContaining('github.io') } }]);
});

test("hosts of the operator's own are asked for everything at once, also when they were not always their own", async () => {
  await createStores(database.pool).feeds.add(
    [1, 2, 3].map((number) => ({ url: new URL(`https://intranet.example/${String(number)}`), title: null })),
    NOW,
    NOW,
  );
  expect(await claim()).toHaveLength(1);
  await stores.feeds.prepare(NOW);
  expect(await claim()).toHaveLength(2);
});

test('the longest due come first, as many as are asked for', async () => {
  await follow('https://late.example/');
  await stores.feeds.add([{ url: new URL('https://later.example/'), title: null }], later(NOW, -1), NOW);
  expect(addresses(await claim(NOW, 1))).toEqual(['https://later.example/']);
});

test('one ring stands for a batch of feeds, and for none that could not be polled now', async () => {
  const hosts = Array.from({ length: 100 }, (_, index) => `https://host${String(index)}.example/`);
  await follow(...hosts, ...hosts.map((host) => `${host}again`));
  expect(await stores.feeds.due(NOW, 100)).toHaveLength(2);
  expect(await stores.feeds.due(NOW, 1)).toHaveLength(1);
  await claim();
  expect(await stores.feeds.due(NOW, 100)).toEqual([]);
});

describe('an origin that asked for a pause', () => {
  const until = later(NOW, HOUR_MS);
  const soon = later(NOW, 10_000);

  test('gets it for all its feeds; a feed that asked for itself gets it alone', async () => {
    await follow('https://a.example/1', 'https://a.example/2', 'https://b.example/1', 'https://b.example/2');
    for (const feed of await claim()) {
      await end(feed, { of: feed.url.host === 'a.example' ? 'origin' : 'feed', until });
    }
    const [other] = await claim(soon);
    expect(other?.url.host).toBe('b.example');
    expect(
      (await stores.feeds.list()).filter(({ notBefore }) => notBefore?.getTime() === until.getTime()),
    ).toHaveLength(3);
    expect((await claim(until)).map(({ url }) => url.host)).toContain('a.example');
  });

  test('two origins of a house speak for the house', async () => {
    await follow('https://a.house.example/', 'https://b.house.example/', 'https://c.house.example/');
    const [one, two] = await claim();
    if (!one || !two) throw new Error('two were to be claimed');
    expect(await stores.feeds.neighbours(one, NOW)).toEqual({ restingFeeds: 0, throttledOrigins: 0 });
    await end(one, { of: 'origin', until });
    expect(await stores.feeds.neighbours(two, NOW)).toMatchObject({ throttledOrigins: 1 });
    expect(await stores.feeds.neighbours(two, later(NOW, HOUR_MS))).toMatchObject({ throttledOrigins: 0 });
    await end(two, { of: 'domain', until });
    expect(await claim(soon)).toEqual([]);
    expect(await claim(until)).toHaveLength(2);
  });

  test('is left alone by hand, too', async () => {
    await follow('https://a.example/1', 'https://a.example/2');
    await end(await claimOne(), { of: 'origin', until });
    const [, other] = await stores.feeds.list();
    expect(other?.notBefore).toEqual(until);
  });
});

test('a feed that asked for a pause gets it, even when something else makes it due', async () => {
  await follow('https://a.example/');
  const until = later(NOW, HOUR_MS);
  await end(await claimOne(), { of: 'feed', until });
  expect(await claim(later(until, -1))).toEqual([]);
  expect(await stores.feeds.due(later(until, -1), 10)).toEqual([]);
  expect(await claim(until)).toHaveLength(1);
});

test('a channel counts once among those that a publisher is told of, however it follows', async () => {
  await follow('https://a.example/', 'https://b.example/');
  const [feed, other] = await stores.feeds.list();
  if (!feed || !other) throw new Error('two feeds were added');
  const channel = (channelId: string) => ({ platform: 'console', workspaceId: '', channelId }) as const;
  await stores.subscriptions.add(
    { channel: channel('name'), target: { kind: 'feed', feedId: feed.id }, createdBy: 'test' },
    NOW,
  );
  await stores.subscriptions.add(
    { channel: channel('both'), target: { kind: 'feed', feedId: feed.id }, createdBy: 'test' },
    NOW,
  );
  await stores.subscriptions.add(
    { channel: channel('both'), target: { kind: 'query', text: 'bgp' }, createdBy: 'test' },
    NOW,
  );
  await stores.subscriptions.add({ channel: channel('all'), target: { kind: 'everything' }, createdBy: 'test' }, NOW);
  expect((await stores.feeds.get(feed.id))?.subscribers).toBe(3);
  expect((await stores.feeds.get(other.id))?.subscribers).toBe(2);
});

test('by hand a feed is taken when it is not due, but not while its origin is being asked', async () => {
  await follow('https://a.example/1', 'https://a.example/2');
  const [one, two] = await stores.feeds.list();
  if (!one || !two) throw new Error('two feeds were added');
  const early = later(NOW, -HOUR_MS);
  expect(await stores.feeds.claim(one.id, early, NOW)).toMatchObject({ id: one.id });
  expect(await stores.feeds.claim(two.id, early, NOW)).toBeNull();
  expect(await stores.feeds.claim(one.id, early, NOW)).toBeNull();
  await end(one, null, early);
  expect(await stores.feeds.claim(two.id, later(early, 2_000), NOW)).toMatchObject({ id: two.id });
});

test('outcomes that are saved at once are all saved', async () => {
  await follow(...Array.from({ length: 450 }, (_, index) => `https://host${String(index)}.example/`));
  const feeds = [...(await claim(NOW, 1_000)), ...(await claim(NOW, 1_000))];
  await Promise.all(
    feeds.map((feed, index) =>
      stores.feeds.saveOutcome(feed, goodPoll(NOW, { trouble: `trouble \0 of ${String(index)}`, newAt: [NOW] }), NOW),
    ),
  );
  const saved = await stores.feeds.list();
  expect(saved).toHaveLength(450);
  expect(new Set(saved.map(({ trouble }) => trouble)).size).toBe(450);
  expect(saved.every(({ newAt, nextPollAt }) => newAt.length === 1 && nextPollAt && nextPollAt > NOW)).toBe(true);
});

test('what fell due while nobody polled is spread when polling starts, and another start changes nothing', async () => {
  const hosts = Array.from({ length: 2_000 }, (_, index) => `https://host${String(index)}.example/`);
  await follow(...hosts);
  const start = later(NOW, 24 * HOUR_MS);
  await stores.feeds.prepare(start);
  const spread = (await stores.feeds.list()).map(({ nextPollAt }) => (nextPollAt?.getTime() ?? 0) - start.getTime());
  expect(Math.min(...spread)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...spread)).toBeLessThanOrEqual(40_000);
  expect(spread.filter((ms) => ms < 20_000).length).toBeGreaterThan(800);
  await stores.feeds.prepare(later(start, 1_000));
  const again = (await stores.feeds.list()).map(({ nextPollAt }) => (nextPollAt?.getTime() ?? 0) - start.getTime());
  expect(again).toEqual(spread);
});

test('settings of one feed are kept until they are changed', async () => {
  await follow('https://a.example/');
  const { id } = await claimOne();
  expect((await stores.feeds.get(id))?.settings).toEqual({
    everyMs: null,
    verifyTls: true,
    pagePictures: false,
    announceOld: false,
    repostUpdates: false,
  });
  await stores.feeds.set(id, { everyMs: 300_000 });
  await stores.feeds.set(id, { verifyTls: false, pagePictures: true });
  expect((await stores.feeds.get(id))?.settings).toEqual({
    everyMs: 300_000,
    verifyTls: false,
    pagePictures: true,
    announceOld: false,
    repostUpdates: false,
  });
  await stores.feeds.set(id, { everyMs: null });
  expect((await stores.feeds.get(id))?.settings.everyMs).toBeNull();
});
