import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { later } from '../../src/clock.js';
import { matchSightings } from '../../src/deliveries/match-sightings.js';
import type { Feed } from '../../src/feeds/feed.js';
import type { Entry } from '../../src/posts/post.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const HOUR_MS = 3_600_000;
const MORE = ' What went wrong is known by now, and it was the usual: somebody filtered nothing at all.';
const story = entry('An outage in Ruritania', { updatedAt: NOW });
let database: TestDatabase;
let stores: Stores;
let feed: Feed;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());

/** A channel has heard of the story, and its feed's operator wants rewritten entries told again. */
beforeEach(async () => {
  await database.pool.query('truncate posts, feeds, channels cascade');
  feed = await primedFeed(stores.feeds, 'https://status.example/feed', [], NOW);
  await stores.feeds.set(feed.id, { repostUpdates: true });
  const channel = { platform: 'console', workspaceId: 'console', channelId: 'c' } as const;
  await stores.subscriptions.add({ channel, target: { kind: 'feed', feedId: feed.id }, createdBy: 'test' }, NOW);
  await show(story);
  const promises = matchSightings({ ...stores, topics: [], clock: () => NOW });
  while ((await promises.next()).done !== true);
  await database.pool.query("update deliveries set state = 'sent', message_id = 'm', settled_at = $1", [NOW]);
});

async function show(one: Entry, afterMs = 0): Promise<void> {
  const now = later(NOW, afterMs);
  const stored = await stores.feeds.get(feed.id);
  if (!stored) throw new Error('the feed is not stored');
  await stores.feeds.saveDocument(stored, document([one]), () => goodPoll(now), now);
}

function rewritten(afterMs: number, over: Partial<Entry> = {}): Entry {
  return { ...story, text: story.text + MORE, updatedAt: later(NOW, afterMs), ...over };
}

async function toldAgain(): Promise<object[]> {
  const { rows } = await database.pool.query<{ notice: object }>(
    "select notice from deliveries where state = 'pending'",
  );
  return rows.map(({ notice }) => notice);
}

test('an entry that is rewritten is told again as it is now, once', async () => {
  await show(rewritten(HOUR_MS), HOUR_MS);
  const again = {
    title: 'Updated: An outage in Ruritania',
    text: story.text + MORE,
    url: 'https://blog.example/posts/an-outage-in-ruritania',
  };
  expect(await toldAgain()).toEqual([again]);
  await show(rewritten(2 * HOUR_MS, { text: story.text + MORE + MORE }), 2 * HOUR_MS);
  expect(await toldAgain()).toEqual([again]);
  const report = await stores.whyOf.why(again.url);
  expect(report).toMatchObject({
    sightings: [{ events: [{ kind: 'edited' }, { kind: 'reposted' }, { kind: 'edited' }] }],
  });
});

test.each<[string, Entry, number]>([
  ['its date stays', rewritten(0), HOUR_MS],
  ['it says when it was updated nowhere', rewritten(0, { updatedAt: null }), HOUR_MS],
  ['only a few words were added', rewritten(HOUR_MS, { text: `${story.text} That is all.` }), HOUR_MS],
  ['it is older than a week', rewritten(8 * 24 * HOUR_MS), 8 * 24 * HOUR_MS],
])('nothing is told again when %s', async (_, now, afterMs) => {
  await show(now, afterMs);
  expect(await toldAgain()).toEqual([]);
});

test('nothing is told again where nobody asked for it', async () => {
  await stores.feeds.set(feed.id, { repostUpdates: false });
  await show(rewritten(HOUR_MS), HOUR_MS);
  expect(await toldAgain()).toEqual([]);
});

test('a channel that has not heard of it yet hears of it once, as it is now', async () => {
  await database.pool.query("update deliveries set state = 'pending', message_id = null, settled_at = null");
  await show(rewritten(HOUR_MS), HOUR_MS);
  expect(await toldAgain()).toEqual([null]);
});
