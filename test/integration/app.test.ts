import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createConsoleAdapter } from '../../adapters/console/console-adapter.js';
import { createApp, type App } from '../../src/app.js';
import { parseChannel } from '../../src/chat/channel.js';
import { parseConfig, type Config } from '../../src/config.js';
import { openOutside } from '../../src/outside.js';
import type { TopicId } from '../../src/ids.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../support/database.js';
import { startFeedServer } from '../support/feed-server.js';
import { growingFeed, type GrowingFeed } from '../support/growing-feed.js';
import { describeWithRedis } from '../support/redis.js';
import { openTestRedis } from '../support/redis-server.js';

interface Running {
  readonly app: App;
  readonly database: TestDatabase;
  readonly feed: GrowingFeed;
  /** `channel title`, in the order in which they were told. */
  readonly told: readonly string[];
  readonly stop: () => Promise<void>;
}

/** The whole bot with a feed that holds one old post, followed and polled once. */
async function openBot(redisUrl: string | null): Promise<Running> {
  const [database, server] = await Promise.all([openTestDatabase(), startFeedServer()]);
  const feed = growingFeed(server, 'blog');
  feed.publish('An old post about BGP');
  const config: Config = {
    ...parseConfig({ PORT: '0', TIDINGS_ALLOW_HOSTS: `127.0.0.1:${String(server.port)}` }),
    ...{ database: { url: database.url, dataDir: '/nonexistent' }, redisUrl },
  };
  const told: string[] = [];
  const write = (line: string): void => {
    const { channel, title } = JSON.parse(line) as { channel: string; title: string };
    told.push(`${channel} ${title}`);
  };
  const adapter = createConsoleAdapter({ write, json: true, colour: false, columns: 80 });
  const outside = await openOutside(config, { log: silentLog, adapters: [adapter] });
  const app = await createApp(config, outside, { sweepEveryMs: 100 });
  const { feeds, subscriptions } = app.stores;
  const now = new Date();
  await feeds.add([{ url: feed.url, title: null }], now, now);
  await subscriptions.add(
    { channel: parseChannel('console:all'), target: { kind: 'everything' }, createdBy: 'test' },
    now,
  );
  await subscriptions.add(
    { channel: parseChannel('console:bgp'), target: { kind: 'topic', topicId: 'bgp' as TopicId }, createdBy: 'test' },
    now,
  );
  await app.start();
  await until(async () => (await feeds.list()).every(({ primedAt }) => primedAt !== null));
  return {
    app,
    database,
    feed,
    told,
    stop: async () => {
      await app.stop();
      await outside.close();
      await Promise.all([database.drop(), server.close()]);
    },
  };
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 15_000;
  while (!(await done())) {
    if (Date.now() > giveUpAt) throw new Error('it did not happen in time');
    await sleep(20);
  }
}

const makeDue = ({ database }: Running) => database.pool.query('update feeds set next_poll_at = now()');

async function tellsWhatIsNew(redisUrl: string | null): Promise<void> {
  const bot = await openBot(redisUrl);
  try {
    bot.feed.publish('BGP route leak at noon');
    bot.feed.publish('A post about gardening');
    await makeDue(bot);
    await until(() => bot.told.length >= 3);
    await makeDue(bot);
    await sleep(400);
    expect([...bot.told].sort()).toEqual([
      'console:all A post about gardening',
      'console:all BGP route leak at noon',
      'console:bgp BGP route leak at noon',
    ]);
    const inAll = bot.told.filter((line) => line.startsWith('console:all'));
    expect(inAll[0]).toContain('BGP');
  } finally {
    await bot.stop();
  }
}

describe('the whole bot', () => {
  test('tells each channel of each new post it asked for, once, the oldest first', async () => {
    await tellsWhatIsNew(null);
    expect.assertions(2);
  });

  test('says that it is ready, and stops twice without harm', async () => {
    const bot = await openBot(null);
    const ready = await fetch(`${bot.app.address() ?? ''}/readyz`);
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { ready: true, database: true, queue: true },
    });
    await bot.app.stop();
    await bot.stop();
  });
});

describeWithRedis('the whole bot with its queue on Redis', () => {
  test('tells the same', async () => {
    const redis = await openTestRedis();
    await tellsWhatIsNew(redis.url);
    await redis.drop();
    expect.assertions(2);
  });

  test('loses nothing when Redis is wiped again and again', async () => {
    const server = await openTestRedis();
    const redis = new Redis(server.url);
    const bot = await openBot(server.url);
    await bot.app.stores.channels.setPace(parseChannel('console:all'), { perHour: null, burst: null });
    try {
      for (let round = 0; round < 12; round += 1) {
        bot.feed.publish(`Round ${String(round)}`);
        await makeDue(bot);
        await sleep(Math.random() * 120);
        await redis.flushall();
      }
      await makeDue(bot);
      await until(() => bot.told.length >= 12);
      expect([...bot.told].sort()).toEqual(
        Array.from({ length: 12 }, (_, round) => `console:all Round ${String(round)}`).sort(),
      );
    } finally {
      redis.disconnect();
      await bot.stop();
      await server.drop();
    }
  });
});
