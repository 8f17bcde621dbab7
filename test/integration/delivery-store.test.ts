import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ChannelRef } from '../../src/chat/channel.js';
import { later } from '../../src/clock.js';
import { afterAttempt, afterFind } from '../../src/deliveries/delivery.js';
import { DEFAULT_SETTLING } from '../../src/deliveries/settling.js';
import type { ClaimedDelivery } from '../../src/deliveries/delivery-store.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import type { DeliveryId } from '../../src/ids.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { claimAll, claimNext, promisePosts, wanted } from '../support/deliveries.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
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
  await database.pool.query('truncate deliveries cascade');
  await database.pool.query('update channels set next_at = null');
  number += 1;
  channel = { platform: 'console', workspaceId: 'console', channelId: `c${String(number)}` };
  await stores.subscriptions.add({ channel, target: { kind: 'everything' }, createdBy: 'test' }, NOW);
});

const promise = (count: number, to: readonly ChannelRef[] = [channel]): Promise<DeliveryId[]> =>
  promisePosts(stores, count, to, NOW);

async function claim(id: DeliveryId | undefined, now = NOW): Promise<ClaimedDelivery> {
  const claimed = await claimNext(stores.deliveries, now);
  expect(claimed?.delivery.id).toBe(id);
  if (!claimed) throw new Error('could not be claimed');
  return claimed;
}

const claimable = async (now = NOW) =>
  (await claimAll(stores.deliveries, now)).claimed.map(({ delivery }) => delivery.id);
const record = (claimed: ClaimedDelivery, outcome: PostOutcome, now = NOW) =>
  stores.deliveries.record(claimed, afterAttempt(claimed.delivery, outcome, now), now);
const posted = (claimed: ClaimedDelivery, now = NOW) => record(claimed, { kind: 'posted', messageId: 'm' }, now);
const found = (claimed: ClaimedDelivery, outcome: Parameters<typeof afterFind>[1], now: Date) => {
  if (!claimed.unknown) throw new Error('its fate is known');
  const verdict = afterFind({ ...claimed.delivery, ...claimed.unknown }, outcome, { ...DEFAULT_SETTLING, now });
  return stores.deliveries.record(claimed, verdict, now);
};

test('a sighting is matched once, and a channel is promised its post once', async () => {
  const [first, second] = await Promise.all(
    ['https://one.example/', 'https://two.example/'].map((url) => primedFeed(stores.feeds, url, [], NOW)),
  );
  if (!first || !second) throw new Error('no feeds');
  const story = document([entry('Told in two feeds')]);
  const one = (await stores.feeds.saveDocument(first, story, () => goodPoll(NOW), NOW)).sightings;
  const two = (await stores.feeds.saveDocument(second, story, () => goodPoll(NOW), NOW)).sightings;
  const plans = await Promise.all(
    [...one, ...one, ...two, ...two].map((id) =>
      stores.deliveries.savePlan([{ id, channels: [channel, channel].map(wanted), filtered: [] }], NOW),
    ),
  );
  expect(plans.flat()).toHaveLength(1);
  const unmatched = (await stores.deliveries.unmatched(NOW, 1_000)).map(({ id }) => id);
  expect(unmatched.filter((id) => [...one, ...two].includes(id))).toEqual([]);
});

test('the oldest promise of a channel is claimed, and the next when it was sent', async () => {
  const [oldest, younger] = await promise(3);
  const first = await claim(oldest);
  expect(await claimable()).toEqual([]);
  await posted(first);
  await posted(await claim(younger));
});

test('however many ask at once, one message per channel is under way', async () => {
  await promise(5);
  const asked = await Promise.all(Array.from({ length: 9 }, () => claimAll(stores.deliveries, NOW)));
  expect(asked.flatMap(({ claimed }) => claimed)).toHaveLength(1);
});

test('one claim takes the oldest of each channel, and a channel that waits does not hold up another', async () => {
  const other = { ...channel, channelId: 'other' };
  await stores.subscriptions.add({ channel: other, target: { kind: 'everything' }, createdBy: 'test' }, NOW);
  const promised = await promise(1, [channel, other]);
  await promise(1, [channel, other]);
  expect((await claimable()).sort()).toEqual([...promised].sort());
});

test('claims of one post share it, those of two do not', async () => {
  const other = { ...channel, channelId: `${channel.channelId}-other` };
  await stores.subscriptions.add({ channel: other, target: { kind: 'everything' }, createdBy: 'test' }, NOW);
  await promise(1, [channel, other]);
  const { claimed: both } = await claimAll(stores.deliveries, NOW);
  expect(both).toHaveLength(2);
  expect(both[0]?.post).toBe(both[1]?.post);
  for (const one of both) await posted(one);
  await promise(1, [channel]);
  await promise(1, [other]);
  const { claimed: different } = await claimAll(stores.deliveries, NOW);
  expect(different.map(({ post }) => post.title)).toHaveLength(2);
  expect(different[0]?.post).not.toBe(different[1]?.post);
});

test('a delivery that waits to be tried again holds back the later ones of its channel', async () => {
  const [first, second] = await promise(2);
  await record(await claim(first), { kind: 'unavailable', detail: '503' });
  expect(await claimable(later(NOW, 4_999))).toEqual([]);
  const at = later(NOW, 5_000);
  await posted(await claim(first, at), at);
  await posted(await claim(second, at), at);
});

test('one of unknown fate holds them back until it is settled', async () => {
  const [first, second] = await promise(2);
  await record(await claim(first), { kind: 'unknown', detail: 'reset' });
  expect(await claimable(later(NOW, 4_999))).toEqual([]);
  await found(await claim(first, later(NOW, 5_000)), { kind: 'absent' }, later(NOW, 5_000));
  expect(await claimable(later(NOW, 59_999))).toEqual([]);

  const settled = later(NOW, 60_000);
  await found(await claim(first, settled), { kind: 'absent' }, settled);
  const again = await claim(first, settled);
  expect(again).toMatchObject({ unknown: null, delivery: { attempts: 2 } });
  await posted(again, settled);
  await posted(await claim(second, settled), settled);
});

test('one that stepped aside holds back nobody, and comes first when its time has come', async () => {
  const [first, second, third] = await promise(3);
  const failed = await claim(first);
  const verdict = afterAttempt(failed.delivery, { kind: 'unavailable', detail: '503' }, NOW);
  await stores.deliveries.record(failed, { ...verdict, aside: true }, NOW);
  const under = await claim(second);
  // While another is under way it waits like any other.
  const at = later(NOW, 6_000);
  expect(await claimable(at)).toEqual([]);
  await posted(under, at);
  await posted(await claim(first, at), at);
  await posted(await claim(third, at), at);
});

test('a claim knows whether others of the workspace got through since the first attempt', async () => {
  const other = { ...channel, channelId: `${channel.channelId}x` };
  await stores.subscriptions.add({ channel: other, target: { kind: 'everything' }, createdBy: 'test' }, NOW);
  const [first] = await promise(1);
  let now = NOW;
  const fail = async (): Promise<boolean> => {
    const failed = await claim(first, now);
    const verdict = afterAttempt(failed.delivery, { kind: 'unavailable', detail: '503' }, now);
    await stores.deliveries.record(failed, verdict, now);
    if (verdict.state.kind === 'pending') now = verdict.state.dueAt;
    return failed.delivery.othersSent;
  };
  expect([await fail(), await fail(), await fail()]).toEqual([false, false, false]);
  const before = later(now, -1);
  const [elsewhere] = await promisePosts(stores, 1, [other], before);
  await posted(await claim(elsewhere, before), before);
  expect(await fail()).toBe(true);
});

test('a delivery whose sender died is of unknown fate: it is looked for, not sent', async () => {
  const [id] = await promise(2);
  const dead = await claim(id);
  expect(await claimable(later(NOW, 29_000))).toEqual([]);

  const afterLease = later(NOW, 31_000);
  const look = await claim(id, afterLease);
  expect(look).toMatchObject({
    unknown: { checks: 0, since: afterLease },
    firstTriedAt: NOW,
    delivery: { attempts: 1 },
  });
  await found(look, { kind: 'absent' }, afterLease);
  const settled = later(afterLease, 60_000);
  await found(await claim(id, settled), { kind: 'absent' }, settled);
  expect(await claim(id, settled)).toMatchObject({ unknown: null, delivery: { attempts: 2 } });

  expect(await posted(dead, settled)).toBe(false);
  expect((await stores.statusOf.counts()).deliveries).toMatchObject({ sent: 0, sending: 1 });
});

test('verdicts that come together are stored together, each but for what lost its lease', async () => {
  const others = Array.from({ length: 20 }, (_, index) => ({ ...channel, channelId: `many${String(index)}` }));
  for (const each of others)
    await stores.subscriptions.add({ channel: each, target: { kind: 'everything' }, createdBy: 'test' }, NOW);
  await promise(1, others);
  const { claimed } = await claimAll(stores.deliveries, NOW);
  const stale = claimed.slice(0, 5).map((one) => ({ ...one, leaseUntil: later(one.leaseUntil, -1) }));
  const stored = await Promise.all([...stale, ...claimed.slice(5)].map((one) => posted(one)));
  expect(stored).toEqual([...stale.map(() => false), ...claimed.slice(5).map(() => true)]);
  expect((await stores.statusOf.counts()).deliveries).toMatchObject({ sent: 15, sending: 5 });
});

test('a throttled channel waits as a whole, and a refused one says why until a message gets through', async () => {
  const [first, second] = await promise(2);
  await record(await claim(first), { kind: 'throttled', retryAfterMs: 9_000 });
  expect(await claimable(later(NOW, 8_000))).toEqual([]);

  const at = later(NOW, 9_000);
  const refused = await claim(first, at);
  expect(refused.delivery.attempts).toBe(1);
  await record(refused, { kind: 'refused', reason: 'not-a-member' }, at);
  const trouble = async () => (await stores.subscriptions.list(channel, NOW))[0]?.channelTrouble;
  expect(await trouble()).toBe('not-a-member');
  expect(await claimable(later(at, 60_000))).toEqual([]);

  const back = later(at, 3_600_000);
  await posted(await claim(first, back), back);
  expect(await trouble()).toBeNull();
  await claim(second, back);
});

test('a claim tells when the channel was written to, and setting its pace ends a wait', async () => {
  const [first, second] = await promise(2);
  const one = await claim(first);
  expect(one).toMatchObject({ pace: { perHour: 20, burst: 5 }, sentAt: [] });
  await posted(one);
  const two = await claim(second);
  expect(two.sentAt).toEqual([NOW]);
  const verdict = afterAttempt(two.delivery, { kind: 'throttled', retryAfterMs: 0 }, NOW);
  await stores.deliveries.record(two, { ...verdict, channelReadyAt: null, pacedUntil: later(NOW, 99_000) }, NOW);
  expect(await claimable(later(NOW, 98_000))).toEqual([]);
  expect(await stores.deliveries.nextDueAt(['console'])).toEqual(later(NOW, 99_000));
  expect(await stores.channels.setPace(channel, { perHour: null })).toEqual({ perHour: null, burst: 5 });
  await claim(second);
});

test('a promise that waits for a time of its own holds back nobody, and is told in its turn', async () => {
  const [held, second] = await promise(2);
  const noon = later(NOW, 12 * 3_600_000);
  await database.pool.query('update deliveries set due_at = $2 where id = $1', [held, noon]);
  await posted(await claim(second));
  expect(await claimable()).toEqual([]);
  expect(await stores.deliveries.nextDueAt(['console'])).toEqual(noon);
  expect(await stores.deliveries.isDue(channel, NOW)).toBe(false);
  expect(await stores.deliveries.isDue(channel, noon)).toBe(true);
  await claim(held, noon);
});

test('a clock that is put back overtakes nothing and hides nothing', async () => {
  const [first] = await promise(1);
  const earlier = later(NOW, -3_600_000);
  const [second] = await promisePosts(stores, 1, [channel], earlier);
  await posted(await claim(first, earlier), earlier);
  expect(await posted(await claim(second, earlier), earlier)).toBe(true);
});

test('deliveries of a platform that this process does not speak are left alone', async () => {
  await promise(1);
  expect(await stores.deliveries.due(NOW, ['slack', 'discord'], 10)).toEqual([]);
  expect((await claimAll(stores.deliveries, NOW, { platform: 'slack' })).claimed).toEqual([]);
  expect(await stores.deliveries.due(NOW, ['console'], 10)).toHaveLength(1);
});

test('a claim knows the post and its feed, and whether the channel is to be published', async () => {
  const [first, second] = await promise(2);
  const claimed = await claim(first);
  expect(claimed).toMatchObject({ publish: false, delivery: { format: 'card' } });
  expect(claimed.postId).toMatch(/^[\da-f-]{36}$/);
  expect(claimed.feedUrl).toMatch(/^https:\/\/promised\d+\.example\/$/);
  await record(claimed, { kind: 'malformed', detail: 'x' });
  const simpler = await claim(first);
  expect(simpler.delivery.format).toBe('plain');
  await posted(simpler);
  await stores.channels.setPublish(channel, true);
  expect((await claim(second)).publish).toBe(true);
});
