import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.js';
import { createSender } from '../../src/deliveries/sender.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../support/database.js';
import { promisePosts } from '../support/deliveries.js';
import { startDiscordServer, type DiscordServer } from '../support/discord/discord-server.js';
import { FAULTS } from '../support/discord/faults.js';
import { openSlackAdapter, slackChannel } from '../support/slack/harness.js';
import { startSlackServer, type SlackServer } from '../support/slack/slack-server.js';
import { BOT_TOKEN, CHANNELS } from '../support/slack/workspace.js';

const NEWS = slackChannel(CHANNELS.news);
const ANSWER_AFTER_MS = 2_000;
let database: TestDatabase;
let stores: Stores;
let slack: SlackServer;
let discord: DiscordServer;
let bot: ChildProcess;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate deliveries, channels cascade');
  slack = await startSlackServer({ answerDelayMs: ANSWER_AFTER_MS });
  discord = await startDiscordServer({ gateway: false });
});
afterEach(async () => {
  if (bot.exitCode === null && bot.signalCode === null) bot.kill('SIGKILL');
  await Promise.all([slack.close(), discord.close()]);
});

/** The bot as built, in a process of its own. */
function start(): void {
  bot = spawn(process.execPath, ['dist/src/main.js', 'start'], {
    stdio: 'ignore',
    env: {
      PATH: env['PATH'],
      DATABASE_URL: database.url,
      TIDINGS_ROLES: 'deliver',
      ...{ SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_API_URL: slack.apiUrl },
      ...{
        DISCORD_TOKEN: discord.token,
        DISCORD_APPLICATION_ID: discord.applicationId,
        DISCORD_API_URL: discord.apiUrl,
      },
    },
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

async function stop(): Promise<{ code: number | null; tookMs: number }> {
  const since = performance.now();
  const ended = once(bot, 'exit');
  bot.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  return { code, tookMs: performance.now() - since };
}

const states = async (): Promise<string[]> =>
  (await database.pool.query<{ state: string }>('select state from deliveries order by seq')).rows.map(
    ({ state }) => state,
  );

async function promiseToBoth(): Promise<void> {
  const there = { platform: 'discord', workspaceId: discord.guildId, channelId: discord.channelId } as const;
  for (const channel of [NEWS, there]) {
    await stores.subscriptions.add({ channel, target: { kind: 'everything' }, createdBy: 'cli' }, new Date());
  }
  await promisePosts(stores, 1, [NEWS, there], new Date());
}

test('what is under way when it is asked to stop ends first, and nothing more begins', async () => {
  await promiseToBoth();
  await promisePosts(stores, 5, [NEWS], new Date());
  start();
  await until(() => slack.requests('chat.postMessage').length > 0);
  const { code, tookMs } = await stop();
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(10_000);
  expect(slack.requests('chat.postMessage')).toHaveLength(1);
  const left = await states();
  expect(left.filter((state) => state === 'sent').length).toBeGreaterThanOrEqual(1);
  expect(left).not.toContain('sending');
}, 60_000);

test('platforms that never answer hold it up for less than 10 s, and what was lost is looked for, not repeated', async () => {
  await promiseToBoth();
  slack.fail('chat.postMessage', { kind: 'broken', how: 'no-answer-after' });
  discord.fail('POST /channels/:id/messages', FAULTS.silence);
  start();
  await until(
    () => slack.requests('chat.postMessage').length > 0 && discord.requests('POST /channels/:id/messages').length > 0,
  );
  const { code, tookMs } = await stop();
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(10_000);
  expect(await states()).toEqual(['sending', 'sending']);

  await database.pool.query(`update deliveries set lease_until = now() - interval '1 second'`);
  await database.pool.query('update channels set next_at = now()');
  const { adapter } = openSlackAdapter(slack.apiUrl, { commands: 'off' });
  const sender = createSender(
    { deliveries: stores.deliveries, topics: [], clock: systemClock, log: silentLog },
    adapter,
  );
  await sender.wake();
  await sender.stop();
  expect((await states()).sort()).toEqual(['sending', 'sent']);
  expect(slack.messages(NEWS.channelId)).toHaveLength(1);
}, 60_000);

test('a second signal ends it at once', async () => {
  await promiseToBoth();
  slack.fail('chat.postMessage', { kind: 'broken', how: 'no-answer-after' });
  start();
  await until(() => slack.requests('chat.postMessage').length > 0);
  bot.kill('SIGINT');
  await sleep(300);
  expect(bot.exitCode).toBeNull();
  const { code, tookMs } = await stop();
  expect(code).toBe(143);
  expect(tookMs).toBeLessThan(1_000);
}, 60_000);
