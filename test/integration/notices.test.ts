import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChannelRef } from '../../src/chat/channel.js';
import { later } from '../../src/clock.js';
import { leaving } from '../../src/deliveries/verdict.js';
import { messageFor } from '../../src/deliveries/message-for.js';
import { afterFailure, afterUnchanged } from '../../src/feeds/schedule/after-poll.js';
import type { Feed } from '../../src/feeds/feed.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { CATALOGUE } from '../../src/topics/catalogue.js';
import { claimNext } from '../support/deliveries.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { entry, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const HOUR_MS = 3_600_000;
const FOLLOWER: ChannelRef = { platform: 'console', workspaceId: '', channelId: 'follower' };
const READER: ChannelRef = { platform: 'console', workspaceId: '', channelId: 'reader' };
const TIMEOUT = { kind: 'failed', reason: 'timeout', status: null } as const;
let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());

/** A feed that one channel follows by name while another follows everything. */
async function followed(url: string): Promise<Feed> {
  const feed = await primedFeed(stores.feeds, url, [entry(`Backlog of ${url}`)], NOW);
  await stores.subscriptions.add(
    { channel: FOLLOWER, target: { kind: 'feed', feedId: feed.id }, createdBy: 'test' },
    NOW,
  );
  await stores.subscriptions.add({ channel: READER, target: { kind: 'everything' }, createdBy: 'test' }, NOW);
  return feed;
}

async function poll({ id }: Feed, outcome: 'fails' | 'works' | 'is gone', hours: number): Promise<void> {
  const feed = await stores.feeds.get(id);
  if (!feed) throw new Error('the feed is not stored');
  const now = later(NOW, hours * HOUR_MS);
  const moment = { startedAt: now, now, random: 0 };
  const works = { kind: 'unchanged', validators: feed.validators, freshForMs: null, movedTo: null } as const;
  const trouble = { text: 'did not answer in time', rest: null };
  const record =
    outcome === 'works'
      ? afterUnchanged(feed, works, moment)
      : afterFailure(feed, outcome === 'fails' ? TIMEOUT : { kind: 'gone' }, trouble, moment);
  await stores.feeds.saveOutcome(feed, record, now);
}

/** Sends what is promised; by channel and title. */
async function told(hours: number): Promise<string[]> {
  const now = later(NOW, hours * HOUR_MS);
  const lines: string[] = [];
  for (;;) {
    const claimed = await claimNext(stores.deliveries, now);
    if (!claimed) return lines;
    const message = messageFor(claimed, CATALOGUE);
    lines.push(`${claimed.delivery.channel.channelId}: ${message.title} (${message.topics.join()})`);
    const sent = { kind: 'sent', messageId: String(lines.length), at: now } as const;
    await stores.deliveries.record(claimed, leaving(sent, claimed.delivery), now);
  }
}

test('who follows a feed by name is told once that it is silent, and once that it is back', async () => {
  const feed = await followed('https://bgp.example/silent');
  for (const hours of [0, 1, 3, 7, 15]) await poll(feed, 'fails', hours);
  expect(await told(15)).toEqual([]);
  for (const hours of [24, 48, 72]) await poll(feed, 'fails', hours);
  expect(await told(72)).toEqual(['follower: No news from A feed since 2026-03-02 ()']);
  for (const hours of [73, 74]) await poll(feed, 'works', hours);
  expect(await told(74)).toEqual(['follower: A feed is back ()']);
});

test('a short trouble is nobody’s business, nor are two failures a day apart', async () => {
  const feed = await followed('https://bgp.example/flaky');
  for (const hours of [0, 1, 2, 3]) await poll(feed, 'fails', hours);
  await poll(feed, 'works', 4);
  await poll(feed, 'fails', 5);
  await poll(feed, 'fails', 40);
  await poll(feed, 'works', 41);
  expect(await told(41)).toEqual([]);
});

test('a feed that its publisher removed is polled no more, and its followers know', async () => {
  const feed = await followed('https://bgp.example/gone');
  await poll(feed, 'is gone', 0);
  expect(await told(0)).toEqual([]);
  await poll(feed, 'is gone', 24);
  expect(await told(24)).toEqual(['follower: A feed has ended ()']);
  expect(await stores.feeds.get(feed.id)).toMatchObject({ nextPollAt: null });
  const aYearLater = later(NOW, 365 * 24 * HOUR_MS);
  const claimed = await stores.feeds.claimDue(aYearLater, later(aYearLater, 60_000), 100);
  expect(claimed.map(({ id }) => id)).not.toContain(feed.id);
});
