import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  byText,
  drain,
  heardBy,
  kill,
  makeDue,
  openWorld,
  publish,
  startBot,
  traces,
  type World,
} from '../../support/crash-world.js';
import { fullLength } from '../../support/full-length.js';
import { describeWithRedis } from '../../support/redis.js';
import { openTestRedis } from '../../support/redis-server.js';

const KILLS = fullLength(50, 15);
const KILLS_WITH_WIPES = fullLength(15, 5);
/** Counted from the first poll, since starting takes as long as the machine is busy: short enough to be in the middle. */
const LONGEST_LIFE_MS = 3_000;
/** One in so many is killed while it starts. */
const KILLED_EARLY = 5;
const STARTED_WITHIN_MS = 60_000;
const TIMEOUT_MS = 1_500_000;

test(
  `killed ${String(KILLS)} times while posts flow, every post arrives once in each channel`,
  async () => {
    const world = await openWorld(null);
    try {
      await live(world, KILLS, () => Promise.resolve());
      await expectEveryPostOnce(world);
    } finally {
      await world.close();
    }
  },
  TIMEOUT_MS,
);

describeWithRedis('with the queue on Redis', () => {
  test(
    `killed ${String(KILLS_WITH_WIPES)} times, its queue wiped each time, it loses and repeats nothing either`,
    async () => {
      const server = await openTestRedis();
      const redis = new Redis(server.url);
      const world = await openWorld(server.url);
      try {
        await live(world, KILLS_WITH_WIPES, async () => {
          await redis.flushall();
        });
        await expectEveryPostOnce(world);
      } finally {
        redis.disconnect();
        await world.close();
        await server.drop();
      }
    },
    TIMEOUT_MS,
  );
});

/** `disturb` happens in the middle of each life. */
async function live(world: World, kills: number, disturb: () => Promise<void>): Promise<void> {
  for (let round = 0; round < kills; round += 1) {
    publish(world, round);
    await makeDue(world.database);
    const polls = world.polls();
    const bot = startBot(world);
    const startedBy = Date.now() + STARTED_WITHIN_MS;
    while (round % KILLED_EARLY > 0 && world.polls() === polls && Date.now() < startedBy) await sleep(20);
    await sleep((Math.random() * LONGEST_LIFE_MS) / 2);
    await disturb();
    await sleep((Math.random() * LONGEST_LIFE_MS) / 2);
    await kill(bot, 'SIGKILL');
  }
  await drain(world);
}

async function expectEveryPostOnce(world: World): Promise<void> {
  const expected = world.feeds.flatMap(({ titles }) => titles).sort(byText);
  for (const [channel, heard] of heardBy(world)) {
    expect({ channel, heard: [...heard].sort(byText) }).toEqual({ channel, heard: expected });
  }
  const { resumed, looked } = await traces(world.database);
  process.stderr.write(`killed in the middle of a message: ${String(resumed)}, posted already: ${String(looked)}\n`);
  expect(resumed).toBeGreaterThan(0);
}
