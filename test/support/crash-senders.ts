import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelRef } from '../../src/chat/channel.js';
import { withClient } from '../../src/store/client.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from './database.js';
import type { Mishaps } from './deliveries/mishaps.js';
import { promisePosts, type Correct } from './deliveries/promise-posts.js';
import { startDiscordServer, type DiscordServer, type DiscordServerOptions } from './discord/discord-server.js';
import { startFastTime } from './fast-time.js';
import { endSender, startSender, type SenderProcess } from './sender-process.js';
import { startSlackServer, type SlackServer } from './slack/slack-server.js';
import { TEAM_ID } from './slack/workspace.js';

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
  /** What Node runs in place of the bot as built. */
  readonly program?: readonly string[];
  /** True: half of Discord's channels pass their messages on to whoever follows them. */
  readonly announces?: boolean;
  /** On the wall; `ANSWER_DELAY_MS` if it is not given. */
  readonly answerDelayMs?: number;
  /** What else happens to requests. */
  readonly mishaps?: Pick<Mishaps, 'slack' | 'discord'>;
}

/** Processes with the role `deliver`, of the bot as built, that share one database. */
export interface SendersWorld {
  readonly database: TestDatabase;
  readonly stores: Stores;
  readonly channels: readonly ChannelRef[];
  readonly slack: SlackServer;
  readonly discord: DiscordServer;
  /** So many new posts, to every channel. */
  readonly promise: (posts: number) => Promise<Correct>;
  readonly sender: (index: number) => SenderProcess;
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

const AS_BUILT = ['dist/src/main.js', 'start'];
/** Discord's number for a channel that others follow. */
const ANNOUNCEMENT = 5;

export async function openSenders(options: SendersOptions): Promise<SendersWorld> {
  const { redisUrl, timesAsFast = TIMES_AS_FAST, program = AS_BUILT, announces = false, mishaps } = options;
  const { answerDelayMs = ANSWER_DELAY_MS } = options;
  const slackIds = idsFrom('C00000002', 2);
  const discordIds = idsFrom('2000000000000003', 2);
  const database = await openTestDatabase();
  const time = startFastTime(timesAsFast);
  const [slack, discord] = await Promise.all([
    startSlackServer({
      channels: slackIds,
      answerDelayMs,
      ...(mishaps && { mishap: mishaps.slack }),
    }),
    startDiscordServer({
      ...channelsOf(discordIds, announces),
      answerDelayMs,
      nonceWindowMs: NONCE_WINDOW_MS,
      ...(mishaps && { mishap: mishaps.discord }),
    }),
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
    await stores.channels.setPublish(channel, announces);
  }
  const looks = new Map<string, number>();
  const noteLook = (found: string): void => {
    looks.set(found, (looks.get(found) ?? 0) + 1);
  };
  const start = (): SenderProcess =>
    startSender({ program, databaseUrl: database.url, redisUrl, slack, discord, time, noteLook });
  const senders = Array.from({ length: SENDERS }, start);
  const world = { database, stores, channels, slack, discord };
  const posts = (): number =>
    slack.requests('chat.postMessage').length + discord.requests('POST /channels/:id/messages').length;
  const senderOf = (index: number): SenderProcess => {
    const sender = senders[index % SENDERS];
    if (!sender) throw new Error('there is none');
    return sender;
  };
  const replace = async (index: number, signal: NodeJS.Signals): Promise<Stopped> => {
    const beganAt = performance.now();
    const code = await endSender(senderOf(index), signal);
    senders[index % SENDERS] = start();
    return { code, tookMs: performance.now() - beganAt };
  };
  const stop = async (): Promise<readonly (number | null)[]> =>
    Promise.all(senders.map((one) => endSender(one, 'SIGTERM')));
  return {
    ...world,
    promise: (posts) => promisePosts(stores, clock(), { posts, to: channels }),
    sender: senderOf,
    runs: (index) => senderOf(index).runs,
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
      await Promise.all(senders.map((one) => endSender(one, 'SIGKILL')));
      await Promise.all([slack.close(), discord.close()]);
      time.restore();
      await database.drop();
    },
  };
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

async function drained(stores: Stores, withinMs: number): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const { deliveries } = await stores.statusOf.counts();
    if (deliveries.pending + deliveries.sending + deliveries.unknown === 0) return;
    if (performance.now() > giveUpAt) throw new Error(`still open: ${JSON.stringify(deliveries)}`);
    await sleep(200);
  }
}

function channelsOf(
  ids: readonly string[],
  announces: boolean,
): Pick<DiscordServerOptions, 'channelIds' | 'channels' | 'crosspostsAnHour'> {
  if (!announces) return { channelIds: ids };
  const half = ids.length / 2;
  const channels = ids.slice(half).map((id) => ({ id, type: ANNOUNCEMENT }));
  return { channelIds: ids.slice(0, half), channels, crosspostsAnHour: 1_000_000 };
}

function idsFrom(prefix: string, digits: number): string[] {
  return Array.from({ length: CHANNELS_EACH }, (_, index) => `${prefix}${String(index + 1).padStart(digits, '0')}`);
}
