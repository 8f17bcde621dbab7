import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelRef } from '../../../src/chat/channel.js';
import { later } from '../../../src/clock.js';
import { createPool } from '../../../src/store/database.js';
import { createStores, type Stores } from '../../../src/store/stores.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../database.js';
import { startDiscordServer, type DiscordServer, type DiscordServerOptions } from '../discord/discord-server.js';
import { startSlackServer, type SlackServer, type SlackServerOptions } from '../slack/slack-server.js';
import { TEAM_ID } from '../slack/workspace.js';
import { startFastClock, type FastClock } from './fast-clock.js';
import { promisePosts } from './promise-posts.js';
import { createSender, type Sender } from './sender.js';

export interface DeliveryWorldOptions {
  readonly slackChannels: number;
  readonly discordChannels: number;
  /** Processes that deliver, each with adapters and a database pool of its own. */
  readonly senders: number;
  /** One that worlds share, one after the other; without it, a world has its own. */
  readonly database?: TestDatabase;
  /** Time goes on by steps no shorter than this, so that what is due at nearly the same time is done in one. */
  readonly stepMs?: number;
  readonly slack?: SlackServerOptions;
  readonly discord?: DiscordServerOptions;
}

/** The product's own stages, store and adapters, between a real database and platforms that are strict, in a time that leaps. */
export interface DeliveryWorld {
  readonly clock: FastClock;
  readonly database: TestDatabase;
  readonly stores: Stores;
  readonly slack: SlackServer;
  readonly discord: DiscordServer;
  /** Slack's first. */
  readonly channels: readonly ChannelRef[];
  /** So many new posts, each to all these channels. */
  readonly promise: (posts: number, to?: readonly ChannelRef[]) => Promise<void>;
  /** Until nothing is open, or that much time has passed. */
  readonly run: (forMs: number) => Promise<void>;
  /** All senders end and others begin, as after a deploy. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const SENDERS_HANDS = 10;
const STEP_MS = 1_000;

export async function openDeliveryWorld(options: DeliveryWorldOptions): Promise<DeliveryWorld> {
  const slackIds = idsFrom('C0000001', options.slackChannels, 3);
  const discordIds = idsFrom('2000000000000', options.discordChannels, 5);
  const database = options.database ?? (await openTestDatabase());
  const clock = startFastClock();
  const [slack, discord] = await Promise.all([
    startSlackServer({ ...options.slack, channels: slackIds, after: clock.after }),
    startDiscordServer({ ...options.discord, channelIds: discordIds, after: clock.after }),
  ]);
  const stores = createStores(database.pool);
  const channels: ChannelRef[] = [
    ...slackIds.map((channelId) => ({ platform: 'slack' as const, workspaceId: TEAM_ID, channelId })),
    ...discordIds.map((channelId) => ({ platform: 'discord' as const, workspaceId: discord.guildId, channelId })),
  ];
  for (const channel of channels) {
    await stores.subscriptions.add({ channel, target: { kind: 'everything' }, createdBy: 'test' }, clock.now());
    await stores.channels.setPace(channel, { perHour: null, burst: null });
  }
  const open = (): Sender[] =>
    Array.from({ length: options.senders }, () => {
      const pool = createPool({ url: database.url, applicationName: 'tidings-sender' }, silentLog);
      return createSender({ pool, clock: clock.now, slack, discord, hands: SENDERS_HANDS });
    });
  let senders = open();
  const closeSenders = async (): Promise<void> => {
    await Promise.all(senders.map((sender) => sender.close()));
  };
  return {
    clock,
    database,
    stores,
    slack,
    discord,
    channels,
    promise: async (posts, to = channels) => {
      await promisePosts(stores, clock.now(), { posts, to });
    },
    run: async (forMs) => {
      const until = later(clock.now(), forMs);
      while (clock.now() < until) {
        await Promise.all(senders.map((sender) => sender.work()));
        while (await isAnyUnderWay({ database, clock })) await sleep(5);
        const next = await nextAt({ stores, clock });
        if (next === null) return;
        const soonest = later(clock.now(), options.stepMs ?? STEP_MS);
        clock.leapTo(next < soonest ? soonest : next < until ? next : until);
      }
    },
    restart: async () => {
      await closeSenders();
      await stores.refusals.startAnew(['slack', 'discord'], clock.now());
      senders = open();
    },
    close: async () => {
      await closeSenders();
      await Promise.all([slack.close(), discord.close()]);
      clock.restore();
      if (options.database) await clear(database);
      else await database.drop();
    },
  };
}

/** As it was before the first world: what the platforms asked for is forgotten too. */
async function clear({ pool }: TestDatabase): Promise<void> {
  await pool.query('truncate channels, feeds, posts, pauses cascade');
  await pool.query(
    `update platform_paces set free_at = '-infinity', ready_at = '-infinity', invalid = 0, invalid_since = '-infinity'`,
  );
}

type Timed = Pick<DeliveryWorld, 'stores' | 'clock'>;

/** Time must not leap while a request is under way: on no machine does a request outlive its lease. */
async function isAnyUnderWay({ database, clock }: Pick<DeliveryWorld, 'database' | 'clock'>): Promise<boolean> {
  const { rowCount } = await database.pool.query('select from deliveries where lease_until > $1 limit 1', [
    clock.now(),
  ]);
  return rowCount !== 0;
}

async function nextAt({ stores, clock }: Timed): Promise<Date | null> {
  const due = await stores.deliveries.nextDueAt(['slack', 'discord']);
  const late = clock.nextAt();
  if (due === null || late === null) return due ?? late;
  return due < late ? due : late;
}

function idsFrom(prefix: string, count: number, digits: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(digits, '0')}`);
}
