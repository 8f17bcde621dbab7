import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
/* eslint jest/expect-expect: ['error', { assertFunctionNames: ['expect', 'killAndLook'] }] */
import { afterEach, expect, test } from '@jest/globals';
import { ANSWER_DELAY_MS, openSenders, type SendersWorld } from '../../support/crash-senders.js';
import { readLedger } from '../../support/deliveries/ledger.js';
import { createChance } from '../../support/deliveries/mishaps.js';
import { fullLength } from '../../support/full-length.js';
import { describeWithRedis } from '../../support/redis.js';
import { openTestRedis, type TestRedis } from '../../support/redis-server.js';

/** On each of the two queues. */
const KILLS = Number(env['SENDER_KILLS'] ?? fullLength(100, 25));
const SEED = Number(env['SENDER_SEED'] ?? Math.floor(Math.random() * 1e9));
/** Counted from the first message of the new posts, so that a kill falls while they are sent, or recorded. */
const LONGEST_PAUSE_MS = 2 * ANSWER_DELAY_MS;
/** When all channels wait for what a dead sender left, none takes a new message at once. */
const BEGINS_WITHIN_MS = 10_000;
/** Kills must fall between a message and the record of it, or nothing is proven. */
const FEWEST_LOOKS = Math.ceil(KILLS / 10);
const POSTS_A_KILL = 2;
const DRAIN_MS = 150_000;
const TIMEOUT_MS = 900_000;
const CHANNELS = 24;

let world: SendersWorld | null = null;
let redis: TestRedis | null = null;
afterEach(async () => {
  await world?.close();
  await redis?.drop();
  world = redis = null;
});

test(
  `${String(KILLS)} kills at any moment: what three processes deliver arrives once and in order`,
  () => killAndLook(null),
  TIMEOUT_MS,
);

describeWithRedis('with the queue on Redis', () => {
  test(
    `${String(KILLS)} kills at any moment: what three processes deliver arrives once and in order`,
    async () => {
      redis = await openTestRedis();
      await killAndLook(redis.url);
    },
    TIMEOUT_MS,
  );
});

async function killAndLook(redisUrl: string | null): Promise<void> {
  const chance = createChance(SEED);
  world = await openSenders({ redisUrl });
  for (let kill = 0; kill < KILLS; kill += 1) {
    await world.runs(kill);
    const posts = world.posts();
    await world.promise(POSTS_A_KILL);
    await world.postsReach(posts + 1, BEGINS_WITHIN_MS);
    await sleep(chance() * LONGEST_PAUSE_MS);
    await world.killOne(kill);
  }
  await world.drain(DRAIN_MS);
  expect(await world.stop()).toEqual([0, 0, 0]);
  const { looks } = world;
  const all = KILLS * POSTS_A_KILL * CHANNELS;
  process.stderr.write(`seed ${String(SEED)}: looks for messages whose sender died ${JSON.stringify([...looks])}\n`);
  expect({ seed: SEED, ...(await readLedger(world)) }).toEqual({
    ...{ seed: SEED, promised: all, messages: all, missing: 0, repeated: 0, outOfOrder: 0, strange: 0 },
  });
  expect(looks.get('found')).toBeGreaterThanOrEqual(FEWEST_LOOKS);
}
