/* eslint jest/expect-expect: ['error', { assertFunctionNames: ['expect', 'restartAndLook'] }] */
import { afterEach, expect, test } from '@jest/globals';
import { openSenders, type SendersWorld } from '../../support/crash-senders.js';
import { readLedger } from '../../support/deliveries/ledger.js';
import { describeWithRedis } from '../../support/redis.js';
import { openTestRedis, type TestRedis } from '../../support/redis-server.js';

/** Twice round. */
const RESTARTS = 6;
const POSTS_A_RESTART = 2;
const CHANNELS = 24;
/** What supervisors give a process before they kill it. */
const STOPS_WITHIN_MS = 10_000;
const BEGINS_WITHIN_MS = 30_000;
const DRAIN_MS = 180_000;
const TIMEOUT_MS = 400_000;

let world: SendersWorld | null = null;
let redis: TestRedis | null = null;
afterEach(async () => {
  await world?.close();
  await redis?.drop();
  world = redis = null;
});

test(
  'three processes are replaced in turn while posts flow: each ends in time, all arrives once and in order',
  () => restartAndLook(null),
  TIMEOUT_MS,
);

describeWithRedis('with the queue on Redis', () => {
  test(
    'replaced in turn while posts flow, three processes lose, repeat and reorder nothing either',
    async () => {
      redis = await openTestRedis();
      await restartAndLook(redis.url);
    },
    TIMEOUT_MS,
  );
});

async function restartAndLook(redisUrl: string | null): Promise<void> {
  world = await openSenders({ redisUrl, timesAsFast: 1 });
  const stops: number[] = [];
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    await world.runs(restart);
    const posts = world.posts();
    await world.promise(POSTS_A_RESTART);
    await world.postsReach(posts + 1, BEGINS_WITHIN_MS);
    const { code, tookMs } = await world.replaceOne(restart);
    stops.push(Math.round(tookMs));
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(STOPS_WITHIN_MS);
  }
  await world.drain(DRAIN_MS);
  expect(await world.stop()).toEqual([0, 0, 0]);
  const looks = JSON.stringify([...world.looks]);
  process.stderr.write(`stopped within ${String(Math.max(...stops))} ms; looks for messages: ${looks}\n`);
  const all = RESTARTS * POSTS_A_RESTART * CHANNELS;
  expect(await readLedger(world)).toEqual({
    ...{ promised: all, messages: all, missing: 0, repeated: 0, outOfOrder: 0, strange: 0 },
  });
}
