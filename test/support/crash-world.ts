import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { ChannelRef } from '../../src/chat/channel.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from './database.js';
import { startDiscordServer, type DiscordServer } from './discord/discord-server.js';
import { startFeedServer } from './feed-server.js';
import { growingFeed, type GrowingFeed } from './growing-feed.js';
import { startSlackServer, type SlackServer } from './slack/slack-server.js';
import { BOT_TOKEN, TEAM_ID } from './slack/workspace.js';

const POSTS_A_ROUND = 2;
/** Every tenth round is a burst, of which most is told in a digest. */
const POSTS_OF_A_BURST = 12;
/** An answer takes a moment on the way, so that a kill can fall between the message and the knowledge of it. */
const ANSWER_DELAY_MS = 150;
/** Slack takes one message a second in a channel, and lost ones are waited for. */
const DRAIN_WITHIN_MS = 480_000;
const SLACK_CHANNELS = ['C0000000101', 'C0000000102', 'C0000000103', 'C0000000104'];
const DISCORD_CHANNELS = ['200000000000000101', '200000000000000102', '200000000000000103', '200000000000000104'];

/** The bot as built, in a process of its own, between feeds that grow and platforms that are strict. */
export interface World {
  readonly database: TestDatabase;
  readonly stores: Stores;
  readonly slack: SlackServer;
  readonly discord: DiscordServer;
  readonly feeds: readonly GrowingFeed[];
  readonly feedPort: number;
  /** Requests that reached the feeds so far. */
  readonly polls: () => number;
  /** Null: the queue lives in the database. */
  readonly redisUrl: string | null;
  readonly close: () => Promise<void>;
}

export async function openWorld(redisUrl: string | null): Promise<World> {
  const [database, feedServer, slack, discord] = await Promise.all([
    openTestDatabase(),
    startFeedServer(),
    startSlackServer({ channels: SLACK_CHANNELS, answerDelayMs: ANSWER_DELAY_MS }),
    startDiscordServer({ channelIds: DISCORD_CHANNELS, answerDelayMs: ANSWER_DELAY_MS }),
  ]);
  const stores = createStores(database.pool);
  const feeds = ['one', 'two'].map((name) => growingFeed(feedServer, name));
  const now = new Date();
  await stores.feeds.add(
    feeds.map(({ url }) => ({ url, title: null })),
    now,
    now,
  );
  for (const channel of channels(discord.guildId)) {
    await stores.subscriptions.add({ channel, target: { kind: 'everything' }, createdBy: 'test' }, now);
    await stores.channels.setPace(channel, { perHour: null, burst: null });
  }
  const polls = () => feedServer.requests.length;
  const world = { database, stores, slack, discord, feeds, feedPort: feedServer.port, polls, redisUrl };
  const bot = startBot(world);
  await waitFor(async () => (await stores.feeds.list()).every(({ primedAt }) => primedAt !== null));
  await kill(bot, 'SIGKILL');
  return {
    ...world,
    close: async () => {
      await Promise.all([feedServer.close(), slack.close(), discord.close()]);
      await database.drop();
    },
  };
}

function channels(guildId: string): ChannelRef[] {
  return [
    ...SLACK_CHANNELS.map((channelId) => ({ platform: 'slack' as const, workspaceId: TEAM_ID, channelId })),
    ...DISCORD_CHANNELS.map((channelId) => ({ platform: 'discord' as const, workspaceId: guildId, channelId })),
  ];
}

export function startBot({ database, slack, discord, feedPort, redisUrl }: Omit<World, 'close'>): ChildProcess {
  return spawn(process.execPath, ['dist/src/main.js', 'start'], {
    stdio: 'ignore',
    env: {
      PATH: env['PATH'],
      DATABASE_URL: database.url,
      ...(redisUrl && { REDIS_URL: redisUrl }),
      TIDINGS_ALLOW_HOSTS: `127.0.0.1:${String(feedPort)}`,
      PORT: '0',
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_API_URL: slack.apiUrl,
      DISCORD_TOKEN: discord.token,
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_API_URL: discord.apiUrl,
    },
  });
}

export async function kill(bot: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(bot, 'exit');
  bot.kill(signal);
  const [code] = (await ended) as [number | null];
  return code;
}

export function publish({ feeds }: World, round: number): void {
  const posts = round % 10 === 9 ? POSTS_OF_A_BURST : POSTS_A_ROUND;
  for (const [index, feed] of feeds.entries()) {
    for (let post = 0; post < posts; post += 1) {
      feed.publish(`Post ${String(post)} of round ${String(round)} in feed ${String(index)}`);
    }
  }
}

/** Polls wait an hour in life; here what was published is due at once. */
export async function makeDue(database: TestDatabase): Promise<void> {
  await database.pool.query(`update feeds set next_poll_at = now(), lease_until = least(lease_until, now())`);
}

export async function drain(world: World): Promise<void> {
  await makeDue(world.database);
  const bot = startBot(world);
  const last = world.feeds.map(({ titles }) => titles.at(-1));
  await waitFor(async () => {
    const { deliveries } = await world.stores.statusOf.counts();
    const open = deliveries.pending + deliveries.sending + deliveries.unknown;
    const heard = [...heardBy(world).values()].every((titles) => last.every((title) => titles.includes(title ?? '')));
    return heard && open === 0;
  });
  expect(await kill(bot, 'SIGTERM')).toBe(0);
}

/** The titles in each channel, as a reader sees them. */
export function heardBy({ slack, discord }: World): Map<string, string[]> {
  // A digest names several, and a message may hold a title twice: in its card and in its plain form.
  const titlesIn = (message: object) => {
    const text = JSON.stringify(message);
    const titles = new Set(text.match(/Post \d+ of round \d+ in feed \d/g));
    return titles.size > 0 ? [...titles] : [text];
  };
  return new Map([
    ...SLACK_CHANNELS.map((id) => [id, slack.messages(id).flatMap(titlesIn)] as const),
    ...DISCORD_CHANNELS.map((id) => [id, discord.messages(id).flatMap(titlesIn)] as const),
  ]);
}

export async function traces({ pool }: TestDatabase): Promise<{ resumed: number; looked: number }> {
  const { rows } = await pool.query<{ resumed: number; looked: number }>(
    `select count(*)::int as resumed, count(*) filter (where attempts = 1)::int as looked
       from deliveries where settled_at - first_tried_at > interval '20 seconds'`,
  );
  return rows[0] ?? { resumed: 0, looked: 0 };
}

async function waitFor(done: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + DRAIN_WITHIN_MS;
  while (!(await done())) {
    if (Date.now() > giveUpAt) throw new Error('the bot did not get there in time');
    await sleep(200);
  }
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
