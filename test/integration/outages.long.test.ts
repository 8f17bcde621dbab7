/* eslint jest/expect-expect: ['error', { assertFunctionNames: ['expect', 'disturb'] }] */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openSenders, type SendersWorld } from '../support/crash-senders.js';
import { openDeliveryWorld, type DeliveryWorld } from '../support/deliveries/delivery-world.js';
import { readLedger } from '../support/deliveries/ledger.js';
import { describeWithRedisServer } from '../support/redis.js';
import { startRedisServer, type RedisServer } from '../support/redis-server.js';

const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 240_000;
const DRAIN_MS = 120_000;
const SENDER_CHANNELS = 24;
const POSTS = 10;
/** Long enough that some are under way, and not all are done. */
const MIDDLE_MS = 400;
const AWAY_MS = 3_000;

const arrived = (promised: number) => ({
  ...{ promised, messages: promised, missing: 0, repeated: 0, outOfOrder: 0, strange: 0 },
});

describe('three processes that deliver', () => {
  let world: SendersWorld;
  let redis: RedisServer | null = null;
  afterEach(async () => {
    await world.close();
    await redis?.drop();
    redis = null;
  });

  async function disturb(disturbance: () => Promise<void>): Promise<void> {
    for (let place = 0; place < 3; place += 1) await world.runs(place);
    for (let round = 0; round < 3; round += 1) {
      await world.promise(POSTS / 2);
      await sleep(MIDDLE_MS);
      await disturbance();
      await world.promise(POSTS / 2);
    }
    await world.drain(DRAIN_MS);
    expect(await readLedger(world)).toEqual(arrived(3 * POSTS * SENDER_CHANNELS));
  }

  describeWithRedisServer('over a Redis', () => {
    test(
      'that forgets everything, lose and repeat nothing',
      async () => {
        redis = await startRedisServer();
        const client = new Redis(redis.url);
        world = await openSenders({ redisUrl: redis.url });
        await disturb(async () => {
          await client.flushall();
        });
        client.disconnect();
      },
      TIMEOUT_MS,
    );

    test(
      'that is killed and comes back empty, lose and repeat nothing',
      async () => {
        redis = await startRedisServer();
        const server = redis;
        world = await openSenders({ redisUrl: server.url });
        await disturb(async () => {
          await server.kill();
          await sleep(AWAY_MS);
          await server.start();
        });
      },
      TIMEOUT_MS,
    );
  });

  test(
    'whose PostgreSQL hangs up on all and lets nobody in for a while, lose and repeat nothing',
    async () => {
      world = await openSenders({ redisUrl: null });
      await disturb(() => world.shutDatabase(AWAY_MS));
    },
    TIMEOUT_MS,
  );
});

describe('a platform that is away for an hour', () => {
  let world: DeliveryWorld;
  afterEach(() => world.close());

  test(
    'gets all that was promised meanwhile, in order, and what it had under way only once',
    async () => {
      world = await openDeliveryWorld({ slackChannels: 5, discordChannels: 5, senders: 3 });
      await world.promise(2);
      await world.run(1_000);
      await Promise.all([world.slack.down(), world.discord.goDown()]);
      for (let part = 0; part < 4; part += 1) {
        await world.promise(2);
        await world.run(HOUR_MS / 4);
        world.clock.leap(HOUR_MS / 4);
      }
      await Promise.all([world.slack.up(), world.discord.comeBack()]);
      await world.run(12 * HOUR_MS);
      expect(await readLedger(world)).toEqual(arrived(100));
    },
    TIMEOUT_MS,
  );

  test(
    'and takes every post all that while without an answer, has none twice',
    async () => {
      world = await openDeliveryWorld({ slackChannels: 3, discordChannels: 3, senders: 3 });
      world.slack.fail('chat.postMessage', { kind: 'broken', how: 'reset-after' }, 3);
      world.discord.fail('POST /channels/:id/messages', { kind: 'reset', carriedOut: true }, 3);
      world.slack.fail('conversations.history', { kind: 'status', status: 503 }, 6);
      world.discord.fail('GET /channels/:id/messages', { kind: 'reset', carriedOut: false }, 6);
      await world.promise(5);
      await world.run(12 * HOUR_MS);
      expect(await readLedger(world)).toEqual(arrived(30));
    },
    TIMEOUT_MS,
  );
});
