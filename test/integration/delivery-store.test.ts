import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ChannelRef } from '../../src/chat/channel.js';
import { later } from '../../src/clock.js';
import { afterAttempt, afterFind } from '../../src/deliveries/delivery.js';
import type { ClaimedDelivery } from '../../src/deliveries/delivery-store.js';
import type { Planned } from '../../src/deliveries/plan.js';
import type { DeliveryId } from '../../src/ids.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const LEASE = later(NOW, 30_000);
let database: TestDatabase;
let stores: Stores;
let channel: ChannelRef;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate deliveries');
  number += 1;
  channel = { platform: 'console', workspaceId: 'console', channelId: `c${String(number)}` };
  await stores.subscriptions.add(channel, { kind: 'everything' }, 'test', NOW);
});

const wanted = (each: ChannelRef): Planned => ({ channel: each, wantedBy: [{ kind: 'everything' }] });

/** Promises `count` new posts to the channel; the ids in the order of the promises. */
async function promise(count: number, to: readonly ChannelRef[] = [channel]): Promise<DeliveryId[]> {
  number += 1;
  const feed = await primedFeed(stores.feeds, `https://f${String(number)}.example/`, [], NOW);
  const entries = Array.from({ length: count }, (_, index) =>
    entry(`Post ${String(index)} of feed ${String(number)}`, { publishedAt: later(NOW, index * 1_000) }),
  );
  const { sightings } = await stores.feeds.saveDocument(feed, document(entries), () => goodPoll(NOW), NOW);
  const promised = [];
  for (const id of sightings) promised.push(...(await stores.deliveries.savePlan(id, to.map(wanted), NOW)));
  return promised;
}

async function claim(id: DeliveryId | undefined, now = NOW): Promise<ClaimedDelivery> {
  const claimed = id && (await stores.deliveries.claim(id, ['console'], now, later(now, 30_000)));
  if (!claimed) throw new Error('could not be claimed');
  return claimed;
}

const due = (now = NOW) => stores.deliveries.due(now, ['console'], 100);
const posted = (claimed: ClaimedDelivery, now = NOW) =>
  stores.deliveries.record(claimed, afterAttempt(claimed.delivery, { kind: 'posted', messageId: 'm' }, now), now);

test('a sighting is matched once, and a channel is promised its post once', async () => {
  const [first, second] = await Promise.all(
    ['https://one.example/', 'https://two.example/'].map((url) => primedFeed(stores.feeds, url, [], NOW)),
  );
  if (!first || !second) throw new Error('no feeds');
  const story = document([entry('Told in two feeds')]);
  const one = (await stores.feeds.saveDocument(first, story, () => goodPoll(NOW), NOW)).sightings;
  const two = (await stores.feeds.saveDocument(second, story, () => goodPoll(NOW), NOW)).sightings;
  const plans = await Promise.all(
    [...one, ...one, ...two, ...two].map((id) => stores.deliveries.savePlan(id, [channel, channel].map(wanted), NOW)),
  );
  expect(plans.flat()).toHaveLength(1);
  const unmatched = (await stores.deliveries.unmatched(NOW, 1_000)).map(({ id }) => id);
  expect(unmatched.filter((id) => [...one, ...two].includes(id))).toEqual([]);
});

test('the oldest promise of a channel is due, and only it can be claimed', async () => {
  const [oldest, younger] = await promise(3);
  expect(await due()).toEqual([oldest]);
  expect(await stores.deliveries.claim(younger ?? oldest ?? ('' as never), ['console'], NOW, LEASE)).toBeNull();
  expect(await posted(await claim(oldest))).toBe(younger);
});

test('however many ask at once, one message per channel is under way', async () => {
  const promised = await promise(5);
  const asked = await Promise.all(
    [...promised, ...promised, ...promised].map((id) => stores.deliveries.claim(id, ['console'], NOW, LEASE)),
  );
  expect(asked.filter(Boolean)).toHaveLength(1);
  expect(await due()).toEqual([]);
});

test('one channel that waits does not hold up another', async () => {
  const other = { ...channel, channelId: 'other' };
  await stores.subscriptions.add(other, { kind: 'everything' }, 'test', NOW);
  const promised = await promise(1, [channel, other]);
  const claims = await Promise.all(promised.map((id) => stores.deliveries.claim(id, ['console'], NOW, LEASE)));
  expect(claims.every(Boolean)).toBe(true);
});

test('a delivery whose sender died is of unknown fate: it is looked for, not sent', async () => {
  const [id] = await promise(2);
  const dead = await claim(id);
  expect(await due(later(NOW, 29_000))).toEqual([]);

  const afterLease = later(NOW, 31_000);
  expect(await due(afterLease)).toEqual([id]);
  const found = await claim(id, afterLease);
  expect(found).toMatchObject({ checks: 0, firstTriedAt: NOW, delivery: { attempts: 1 } });
  await stores.deliveries.record(
    found,
    afterFind({ ...found.delivery, checks: 0 }, { kind: 'absent' }, afterLease),
    afterLease,
  );
  expect(await claim(id, afterLease)).toMatchObject({ checks: null, delivery: { attempts: 2 } });

  await posted(dead, afterLease);
  expect((await stores.statusOf.counts()).deliveries).toMatchObject({ sent: 0, sending: 1 });
});

test('a look that cannot tell leaves the delivery unknown and looks again later', async () => {
  const [id] = await promise(1);
  const attempt = await claim(id);
  await stores.deliveries.record(
    attempt,
    afterAttempt(attempt.delivery, { kind: 'unknown', detail: 'reset' }, NOW),
    NOW,
  );
  expect(await due()).toEqual([]);
  const at = later(NOW, 6_000);
  const look = await claim(id, at);
  const verdict = afterFind({ ...look.delivery, checks: 0 }, { kind: 'cannot-tell', detail: 'no history' }, at);
  await stores.deliveries.record(look, verdict, at);
  expect((await stores.statusOf.counts()).deliveries.unknown).toBe(1);
  expect(await stores.deliveries.nextDueAt(['console'])).toEqual(later(at, 60_000));
});

test('a throttled channel waits as a whole, and a refused one says why until a message gets through', async () => {
  const [first, second] = await promise(2);
  const throttled = await claim(first);
  await stores.deliveries.record(
    throttled,
    afterAttempt(throttled.delivery, { kind: 'throttled', retryAfterMs: 9_000 }, NOW),
    NOW,
  );
  expect(await due(later(NOW, 8_000))).toEqual([]);

  const at = later(NOW, 9_000);
  const refused = await claim(first, at);
  expect(refused.delivery.attempts).toBe(1);
  await stores.deliveries.record(
    refused,
    afterAttempt(refused.delivery, { kind: 'refused', reason: 'not-a-member' }, at),
    at,
  );
  const trouble = async () => (await stores.subscriptions.list(channel, NOW))[0]?.channelTrouble;
  expect(await trouble()).toBe('not-a-member');
  expect(await due(later(at, 60_000))).toEqual([]);

  const back = later(at, 3_600_000);
  expect(await posted(await claim(first, back), back)).toBe(second);
  expect(await trouble()).toBeNull();
});

test('a claim tells when the channel was written to, and setting its pace ends a wait', async () => {
  const [first, second] = await promise(2);
  const one = await claim(first);
  expect(one).toMatchObject({ pace: { perHour: 20, burst: 5 }, sentAt: [] });
  await posted(one);
  const two = await claim(second);
  expect(two.sentAt).toEqual([NOW]);
  const wait = {
    ...afterAttempt(two.delivery, { kind: 'throttled', retryAfterMs: 0 }, NOW),
    channelReadyAt: null,
    pacedUntil: later(NOW, 99_000),
  };
  await stores.deliveries.record(two, wait, NOW);
  expect(await due(later(NOW, 98_000))).toEqual([]);
  expect(await stores.channels.setPace(channel, { perHour: null })).toEqual({ perHour: null, burst: 5 });
  expect(await due(NOW)).toEqual([second]);
});

test('deliveries of a platform that this process does not speak are left alone', async () => {
  const [id = '' as never] = await promise(1);
  expect(await stores.deliveries.due(NOW, ['slack', 'discord'], 10)).toEqual([]);
  expect(await stores.deliveries.claim(id, ['slack', 'discord'], NOW, LEASE)).toBeNull();
});

test('a claim knows the post and its feed, and whether the channel is to be published', async () => {
  const [first, second] = await promise(2);
  const claimed = await claim(first);
  expect(claimed).toMatchObject({ publish: false, delivery: { format: 'card' } });
  expect(claimed.postId).toMatch(/^[\da-f-]{36}$/);
  expect(claimed.feedUrl).toMatch(/^https:\/\/f\d+\.example\/$/);
  await stores.deliveries.record(claimed, afterAttempt(claimed.delivery, { kind: 'malformed', detail: 'x' }, NOW), NOW);
  expect((await claim(first)).delivery.format).toBe('plain');
  await database.pool.query(`update deliveries set state = 'sent', settled_at = $2 where id = $1`, [first, NOW]);
  await stores.channels.setPublish(channel, true);
  expect((await claim(second)).publish).toBe(true);
});
