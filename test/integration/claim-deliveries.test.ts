import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { PlatformPace } from '../../src/chat/chat-adapter.js';
import { later } from '../../src/clock.js';
import { afterAttempt } from '../../src/deliveries/delivery.js';
import type { ClaimedDelivery } from '../../src/deliveries/delivery-store.js';
import { createPool } from '../../src/store/database.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../support/database.js';
import { claimAll, NO_PACE } from '../support/deliveries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
let database: TestDatabase;
let stores: Stores;
let other: Stores;
let close: () => Promise<void>;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
  const pool = createPool({ url: database.url, applicationName: 'another process' }, silentLog);
  other = createStores(pool);
  close = () => pool.end();
});
afterAll(async () => {
  await close();
  await database.drop();
});
beforeEach(async () => {
  await database.pool.query('truncate deliveries, channels cascade');
  await database.pool.query(`update platform_paces set free_at = '-infinity', ready_at = '-infinity'`);
});

/** Notices, which need no posts: `each` for every one of so many channels of a workspace. */
async function promiseNotices(workspace: string, channels: number, each: number): Promise<void> {
  await database.pool.query(
    `insert into channels (platform, workspace_id, channel_id) select 'console', $1, n from generate_series(1, $2) n`,
    [workspace, channels],
  );
  await database.pool.query(
    `insert into deliveries (notice, channel_id, state, promised_at, due_at)
     select jsonb_build_object('title', n::text, 'text', ''), id, 'pending', $2, $2
       from generate_series(1, $3) n, channels where workspace_id = $1 order by n`,
    [workspace, NOW, each],
  );
}

const workspaces = (claimed: readonly ClaimedDelivery[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { delivery } of claimed) {
    const { workspaceId } = delivery.channel;
    counts[workspaceId] = (counts[workspaceId] ?? 0) + 1;
  }
  return counts;
};
const posted = (claimed: ClaimedDelivery, now: Date) =>
  stores.deliveries.record(claimed, afterAttempt(claimed.delivery, { kind: 'posted', messageId: 'm' }, now), now);

test('a workspace with 50,000 waiting deliveries takes its share, and another is served in the same claim', async () => {
  await promiseNotices('flood', 500, 100);
  await promiseNotices('quiet', 1, 1);
  const { claimed } = await claimAll(stores.deliveries, NOW);
  expect(workspaces(claimed)).toEqual({ flood: 50, quiet: 1 });
  const begun = performance.now();
  for (let claim = 0; claim < 10; claim += 1) await claimAll(stores.deliveries, NOW);
  // Generous: a claim takes milliseconds.
  expect((performance.now() - begun) / 10).toBeLessThan(500);
});

test('who has the fewest under way is served first, and who has its share gets nothing', async () => {
  for (const name of ['a', 'b', 'c']) await promiseNotices(name, 10, 2);
  const shares = new Map([
    ['a', 1],
    ['b', 0],
  ]);
  const { claimed } = await claimAll(stores.deliveries, NOW, { limit: 6, share: 5, shares });
  expect(workspaces(claimed)).toEqual({ a: 1, c: 5 });
});

test('two processes share out the channels, and none is served twice', async () => {
  await promiseNotices('one', 300, 3);
  const asked = Array.from({ length: 12 }, (_, number) =>
    claimAll((number % 2 === 0 ? stores : other).deliveries, NOW, { limit: 30, share: 30 }),
  );
  const claimed = (await Promise.all(asked)).flatMap((one) => one.claimed);
  expect(claimed).toHaveLength(300);
  expect(new Set(claimed.map(({ delivery }) => delivery.channel.channelId)).size).toBe(300);
});

test('promises that are made while claims run are all found, whoever claims', async () => {
  await promiseNotices('busy', 20, 1);
  let told = 0;
  let now = NOW;
  const promise = async (): Promise<void> => {
    for (let round = 0; round < 30; round += 1) {
      await database.pool.query(
        `insert into deliveries (notice, channel_id, state, promised_at, due_at)
         select '{"title":"x","text":""}', id, 'pending', $1, $1 from channels`,
        [NOW],
      );
    }
  };
  const claim = async (by: Stores): Promise<void> => {
    for (let idle = 0; idle < 20;) {
      now = later(now, 1);
      const { claimed } = await claimAll(by.deliveries, now);
      idle = claimed.length > 0 ? 0 : idle + 1;
      const stored = await Promise.all(claimed.map((one) => posted(one, now)));
      told += stored.filter(Boolean).length;
    }
  };
  await Promise.all([promise(), claim(stores), claim(other)]);
  for (let more = -1; more !== told;) {
    more = told;
    await claim(stores);
  }
  expect(told).toBe(20 * 31);
  expect(await stores.deliveries.nextDueAt(['console'])).toBeNull();
});

/** Claims in turns from two processes, every `stepMs`, and ends each at once. Counts by second. */
async function sendFor(seconds: number, stepMs: number, pace: PlatformPace): Promise<Date[]> {
  const turns: Date[] = [];
  for (let atMs = 0; atMs < seconds * 1_000; atMs += stepMs) {
    const now = later(NOW, atMs);
    const by = (atMs / stepMs) % 2 === 0 ? stores : other;
    const { claimed } = await claimAll(by.deliveries, now, { pace });
    for (const one of claimed) {
      turns.push(one.turnAt);
      await by.deliveries.record(one, afterAttempt(one.delivery, { kind: 'posted', messageId: 'm' }, one.turnAt), now);
    }
  }
  return turns;
}

const mostWithin = (windowMs: number, turns: readonly Date[]): number =>
  Math.max(
    ...turns.map((begin) => turns.filter((at) => at >= begin && at.getTime() < begin.getTime() + windowMs).length),
  );

test('one channel gets what its platform allows, nearly all of it and no more, from two processes together', async () => {
  await promiseNotices('slack', 1, 100);
  const perChannel = { everyMs: 1_010, burst: 2 };
  const turns = await sendFor(40, 50, { perChannel, perBot: null });
  // 40 s hold 40 messages, and one more of the burst.
  expect(turns.length).toBeGreaterThanOrEqual(39);
  expect(turns.length).toBeLessThanOrEqual(41);
  expect(mostWithin(1_000, turns)).toBeLessThanOrEqual(2);
  expect(mostWithin(10_000, turns)).toBeLessThanOrEqual(11);
});

test('the pace of a bot is shared by all processes and channels: never more than 50 in a second, at least 95 %', async () => {
  await promiseNotices('discord', 100, 10);
  const turns = await sendFor(8, 40, { perChannel: null, perBot: { everyMs: 20.8 } });
  expect(mostWithin(1_000, turns)).toBeLessThanOrEqual(50);
  expect(turns.length).toBeGreaterThanOrEqual(8 * 50 * 0.95);
});

test('requests that nothing was claimed for take turns of the bot, for all processes', async () => {
  await promiseNotices('discord', 10, 10);
  const pace = { perChannel: null, perBot: { everyMs: 20 } };
  const platform = 'console';
  await stores.deliveries.countRequests(platform, { unpacedMs: 40.5, invalid: 0 }, NOW);
  const { claimed } = await claimAll(other.deliveries, NOW, { pace });
  const turns = claimed.map(({ turnAt }) => turnAt).sort((one, two) => one.getTime() - two.getTime());
  expect(turns).toEqual([40, 60, 80].map((ms) => later(NOW, ms)));
});

test('a limit of the whole bot and too many invalid requests hold back all processes', async () => {
  await promiseNotices('any', 5, 5);
  const [first] = (await claimAll(stores.deliveries, NOW, { limit: 1 })).claimed;
  if (!first) throw new Error('nothing to claim');
  const limited = { kind: 'throttled', retryAfterMs: 9_000, scope: 'platform' } as const;
  await stores.deliveries.record(first, afterAttempt(first.delivery, limited, NOW), NOW);
  const { claimed, nextAt } = await claimAll(other.deliveries, NOW);
  expect([claimed, nextAt]).toEqual([[], later(NOW, 9_000)]);
  expect((await claimAll(other.deliveries, later(NOW, 9_000))).claimed).toHaveLength(5);

  await stores.deliveries.countRequests('console', { unpacedMs: 0, invalid: 4_000 }, later(NOW, 10_000));
  await other.deliveries.countRequests('console', { unpacedMs: 0, invalid: 1_000 }, later(NOW, 20_000));
  const rest = await claimAll(stores.deliveries, later(NOW, 60_000));
  expect([rest.claimed, rest.nextAt]).toEqual([[], later(NOW, 610_000)]);
});

test('a clock that is put back by hours stops no pace', async () => {
  await promiseNotices('slack', 1, 10);
  const pace = { ...NO_PACE, perChannel: { everyMs: 1_010, burst: 1 }, perBot: { everyMs: 21 } };
  const [first] = (await claimAll(stores.deliveries, NOW, { pace })).claimed;
  if (!first) throw new Error('nothing to claim');
  await posted(first, NOW);
  const earlier = later(NOW, -5 * 3_600_000);
  await database.pool.query('update channels set next_at = $1', [earlier]);
  expect((await claimAll(stores.deliveries, earlier, { pace })).claimed).toHaveLength(1);
});
