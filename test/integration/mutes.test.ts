import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { later } from '../../src/clock.js';
import { matchSightings } from '../../src/deliveries/match-sightings.js';
import type { Feed } from '../../src/feeds/feed.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const HOUR_MS = 3_600_000;
const HERE = { platform: 'console', workspaceId: 'console', channelId: 'here' } as const;
const THERE = { ...HERE, channelId: 'there' };
let database: TestDatabase;
let stores: Stores;
let feed: Feed;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate posts, feeds, channels cascade');
  feed = await primedFeed(stores.feeds, 'https://blog.example/feed', [], NOW);
  for (const channel of [HERE, THERE])
    await stores.subscriptions.add({ channel, target: { kind: 'everything' }, createdBy: 'test' }, NOW);
});

/** Who is promised each of these posts, at that time. */
async function publish(titles: readonly string[], now = NOW): Promise<string[]> {
  const entries = titles.map((title) => entry(title, { publishedAt: now }));
  await stores.feeds.saveDocument(feed, document(entries), () => goodPoll(now), now);
  const promises = matchSightings({ ...stores, topics: [], clock: () => now });
  while ((await promises.next()).done !== true);
  const { rows } = await database.pool.query<{ told: string }>(
    `select p.title || ' → ' || c.channel_id as told from deliveries d join posts p on p.id = d.post_id
       join channels c on c.id = d.channel_id where d.promised_at = $1 order by 1`,
    [now],
  );
  return rows.map(({ told }) => told);
}

test('a muted feed is quiet in that channel alone, until then; why says so', async () => {
  const until = later(NOW, HOUR_MS);
  await stores.subscriptions.mute({ channel: HERE, target: { kind: 'feed', feedId: feed.id }, until }, 'test', NOW);
  expect(await publish(['Routes leak'])).toEqual(['Routes leak → there']);
  const report = await stores.whyOf.why('https://blog.example/posts/routes-leak');
  expect(report).toMatchObject({ sightings: [{ wanted: 2, promised: 1, filtered: [{ channel: HERE, until }] }] });
  expect(await publish(['Cables break'], later(NOW, 2 * HOUR_MS))).toEqual([
    'Cables break → here',
    'Cables break → there',
  ]);
  expect(await stores.subscriptions.mutes(HERE, later(NOW, 2 * HOUR_MS))).toEqual([]);
});

test('muted words take only the posts that hold them, in a burst as well', async () => {
  const target = { kind: 'query', text: 'sponsored' } as const;
  await stores.subscriptions.mute({ channel: HERE, target, until: null }, 'test', NOW);
  await stores.subscriptions.mute({ channel: HERE, target, until: null }, 'test', NOW);
  const titles = ['Sponsored: a router', 'Leak one', 'Leak two', 'Leak three', 'Leak four', 'Leak five', 'Leak six'];
  const told = await publish(titles);
  expect(told.filter((one) => one.startsWith('Sponsored'))).toEqual(['Sponsored: a router → there']);
  expect(told).toHaveLength(13);
  expect(await stores.subscriptions.unmute(HERE, target)).toBe(true);
  expect(await stores.subscriptions.unmute(HERE, target)).toBe(false);
});
