import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { env } from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelRef } from '../../src/chat/channel.js';
import { withClient } from '../../src/store/client.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from './database.js';
import { promisePosts } from './deliveries/promise-posts.js';
import { startDiscordServer, type DiscordServer } from './discord/discord-server.js';
import { startFastTime, type FastTime } from './fast-time.js';
import { startSlackServer, type SlackServer } from './slack/slack-server.js';
import { BOT_TOKEN, TEAM_ID } from './slack/workspace.js';

const SENDERS = 3;
const CHANNELS_EACH = 12;
/** A lease of half a minute ends in three seconds. */
const TIMES_AS_FAST = 10;
/** On the wall, so long is the time between the message and the knowledge of it, for a kill to fall into. */
export const ANSWER_DELAY_MS = 150;
const NONCE_WINDOW_MS = 180_000;

export interface SendersOptions {
  /** Null: the queue lives in the database. */
  readonly redisUrl: string | null;
  /** How fast time runs for the senders and this process; ten times as fast as on the wall if it is not given. */
  readonly timesAsFast?: number;
}

/** Processes with the role `deliver`, of the bot as built, that share one database. */
export interface SendersWorld {
  readonly database: TestDatabase;
  readonly stores: Stores;
  readonly slack: SlackServer;
  readonly discord: DiscordServer;
  /** So many new posts, to every channel. */
  readonly promise: (posts: number) => Promise<void>;
  /** Resolves once that one has begun to work. */
  readonly runs: (index: number) => Promise<void>;
  /** Messages that senders tried to post so far, as the platforms counted them. */
  readonly posts: () => number;
  /** Whether they came to be so many within this time, on the wall. */
  readonly postsReach: (count: number, withinMs: number) => Promise<boolean>;
  /** SIGKILL to one of them, and another in its place. */
  readonly killOne: (index: number) => Promise<void>;
  /** Ends one as an operator does, and starts another in its place. */
  readonly replaceOne: (index: number) => Promise<Stopped>;
  /** What senders found when they looked for messages of unknown fate, as they log it, and how often. */
  readonly looks: ReadonlyMap<string, number>;
  /** Until nothing is open. Rejects after so long. */
  readonly drain: (withinMs: number) => Promise<void>;
  /** PostgreSQL ends the connections of all senders and takes no new ones for so long, as when it restarts. */
  readonly shutDatabase: (forMs: number) => Promise<void>;
  /** Ends the senders as an operator does. Resolves with their exit codes. */
  readonly stop: () => Promise<readonly (number | null)[]>;
  readonly close: () => Promise<void>;
}

export interface Stopped {
  readonly code: number | null;
  /** On the wall. */
  readonly tookMs: number;
}

export async function openSenders({ redisUrl, timesAsFast = TIMES_AS_FAST }: SendersOptions): Promise<SendersWorld> {
  const slackIds = idsFrom('C00000002', 2);
  const discordIds = idsFrom('2000000000000003', 2);
  const database = await openTestDatabase();
  const time = startFastTime(timesAsFast);
  const [slack, discord] = await Promise.all([
    startSlackServer({ channels: slackIds, answerDelayMs: ANSWER_DELAY_MS }),
    startDiscordServer({ channelIds: discordIds, answerDelayMs: ANSWER_DELAY_MS, nonceWindowMs: NONCE_WINDOW_MS }),
  ]);
  const stores = createStores(database.pool);
  const clock = (): Date => new Date(Date.now());
  const channels: ChannelRef[] = [
    ...slackIds.map((channelId) => ({ platform: 'slack' as const, workspaceId: TEAM_ID, channelId })),
    ...discordIds.map((channelId) => ({ platform: 'discord' as const, workspaceId: discord.guildId, channelId })),
  ];
  for (const channel of channels) {
    await stores.subscriptions.add({ channel, target: { kind: 'everything' }, createdBy: 'test' }, clock());
    await stores.channels.setPace(channel, { perHour: null, burst: null });
  }
  const looks = new Map<string, number>();
  const noteLook = (found: string): void => {
    looks.set(found, (looks.get(found) ?? 0) + 1);
  };
  const start = (): RunningSender =>
    startSender({ databaseUrl: database.url, redisUrl, slack, discord, time, noteLook });
  const senders = Array.from({ length: SENDERS }, start);
  const world = { database, stores, slack, discord };
  const posts = (): number =>
    slack.requests('chat.postMessage').length + discord.requests('POST /channels/:id/messages').length;
  const replace = async (index: number, signal: NodeJS.Signals): Promise<Stopped> => {
    const place = index % SENDERS;
    const sender = senders[place];
    if (!sender) throw new Error('there is none');
    const beganAt = performance.now();
    const code = await end(sender, signal);
    senders[place] = start();
    return { code, tookMs: performance.now() - beganAt };
  };
  const stop = async (): Promise<readonly (number | null)[]> => Promise.all(senders.map((one) => end(one, 'SIGTERM')));
  return {
    ...world,
    promise: (posts) => promisePosts(stores, clock(), { posts, to: channels }),
    runs: async (index) => senders[index % SENDERS]?.runs,
    posts,
    postsReach: async (count, withinMs) => {
      const giveUpAt = performance.now() + withinMs;
      while (posts() < count && performance.now() < giveUpAt) await sleep(5);
      return posts() >= count;
    },
    killOne: async (index) => {
      await replace(index, 'SIGKILL');
    },
    replaceOne: (index) => replace(index, 'SIGTERM'),
    drain: (withinMs) => drained(stores, withinMs),
    stop,
    looks,
    shutDatabase: (forMs) => shutDatabase(database, forMs),
    close: async () => {
      await Promise.all(senders.map((one) => end(one, 'SIGKILL')));
      await Promise.all([slack.close(), discord.close()]);
      time.restore();
      await database.drop();
    },
  };
}

interface RunningSender {
  readonly process: ChildProcess;
  /** Resolves once it has begun to work. */
  readonly runs: Promise<void>;
}

interface SenderParts {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly slack: SlackServer;
  readonly discord: DiscordServer;
  readonly time: FastTime;
  readonly noteLook: (found: string) => void;
}

/** `SENDERS_LOG` names a file for what they log. */
function startSender({ databaseUrl, redisUrl, slack, discord, time, noteLook }: SenderParts): RunningSender {
  const child = spawn(process.execPath, [...time.nodeFlags, 'dist/src/main.js', 'start'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: env['PATH'],
      DATABASE_URL: databaseUrl,
      ...(redisUrl && { REDIS_URL: redisUrl }),
      TIDINGS_ROLES: 'deliver',
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_API_URL: slack.apiUrl,
      DISCORD_TOKEN: discord.token,
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_API_URL: discord.apiUrl,
    },
  });
  const logFile = env['SENDERS_LOG'];
  if (logFile) child.stderr.pipe(createWriteStream(logFile, { flags: 'a' }));
  const runs = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.includes('Tidings runs')) resolve();
      const [, found] = /"found":"([a-z-]+)"/.exec(line) ?? [];
      if (found !== undefined) noteLook(found);
    });
    child.once('exit', () => {
      resolve();
    });
  });
  return { process: child, runs };
}

async function shutDatabase({ url, pool }: TestDatabase, forMs: number): Promise<void> {
  const server = new URL(url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  await withClient(server.href, async (client) => {
    await client.query(`alter database ${name} allow_connections false`);
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [name]);
    await sleep(forMs);
    await client.query(`alter database ${name} allow_connections true`);
  });
  await pool.query('select');
}

async function end({ process: sender }: RunningSender, signal: NodeJS.Signals): Promise<number | null> {
  if (sender.exitCode !== null || sender.signalCode !== null) return sender.exitCode;
  const ended = once(sender, 'exit');
  sender.kill(signal);
  const [code] = (await ended) as [number | null];
  return code;
}

async function drained(stores: Stores, withinMs: number): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const { deliveries } = await stores.statusOf.counts();
    if (deliveries.pending + deliveries.sending + deliveries.unknown === 0) return;
    if (performance.now() > giveUpAt) throw new Error(`still open: ${JSON.stringify(deliveries)}`);
    await sleep(200);
  }
}

function idsFrom(prefix: string, digits: number): string[] {
  return Array.from({ length: CHANNELS_EACH }, (_, index) => `${prefix}${String(index + 1).padStart(digits, '0')}`);
}
