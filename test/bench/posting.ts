import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createQueue } from '../../jobs/queue.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import { later } from '../../src/clock.js';
import { openDatabase, type Database } from '../../src/store/database.js';
import { installationId } from '../../src/store/installation.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { createCaller } from '../support/child-calls.js';
import { silentLog } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';
import { startRedisServer } from '../support/redis-server.js';
import { BOT_TOKEN, TEAM_ID } from '../support/slack/workspace.js';
import { spawnSource } from '../support/spawn.js';
import type { BenchOptions } from './options.js';
import type { Platforms, PlatformsCall, Seen } from './platforms-child.js';

const GIVE_UP_MS = 300_000;
const LOOK_EVERY_MS = 20;
/** More in one poll would be a burst, and told in a digest. */
const ENTRIES_A_POLL = 5;

/** The product that matches and delivers, in a process of its own, and platforms in another. */
export interface Posting {
  readonly stores: Stores;
  readonly platforms: Platforms;
  readonly slack: readonly ChannelRef[];
  readonly discord: readonly ChannelRef[];
  /** New posts in that feed, as one that polls stores them; rings. Resolves with when they were stored. */
  readonly store: (feed: string, posts: number) => Promise<number>;
  /** Subscribes channels to a feed that shows nothing yet. */
  readonly follow: (feed: string, channels: readonly ChannelRef[]) => Promise<void>;
  readonly begin: () => Promise<void>;
  /** Posts that reached the platforms since `begin`, once there are as many. */
  readonly seen: (count: number) => Promise<Seen>;
  readonly close: () => Promise<void>;
}

export interface PostingOptions {
  readonly channels: number;
  /** Of the platforms, and of the product. */
  readonly limits: boolean;
}

export async function openPosting(options: BenchOptions, { channels, limits }: PostingOptions): Promise<Posting> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
  const database = await openDatabase({ databaseUrl: null, dataDir: folder, log: silentLog });
  const redis = options.redis ? await startRedisServer() : null;
  const child = spawnSource('test/bench/platforms-child.ts');
  await child.line(/^ready$/);
  const ask = createCaller<PlatformsCall, Seen>(child);
  const slackChannels = idsFrom('C0000005', 4, channels);
  const discordChannels = idsFrom('20000000000005', 4, channels);
  const { platforms } = await ask({ do: 'open', slackChannels, discordChannels, limits });
  if (!platforms) throw new Error('no platforms');
  const stores = createStores(database.pool);
  const queue = createQueue({
    redisUrl: redis?.url ?? null,
    databaseUrl: database.url,
    prefix: `tidings-${await installationId(database.pool)}`,
    log: silentLog,
  });
  await queue.start();
  const program = limits ? [join(options.dist, 'src', 'main.js'), 'start'] : UNLIMITED;
  const product = startProduct(program, folder, {
    ...settingsFor(platforms),
    DATABASE_URL: database.url,
    ...(redis && { REDIS_URL: redis.url }),
  });
  const seen = async (count: number): Promise<Seen> => {
    const giveUpAt = performance.now() + GIVE_UP_MS;
    for (;;) {
      const all = await ask({ do: 'seen' });
      if (all.posts.length >= count) return all;
      if (product.exitCode !== null) throw new Error(`the product ended with exit code ${String(product.exitCode)}`);
      if (performance.now() > giveUpAt) throw new Error(`only ${String(all.posts.length)} of ${String(count)} posts`);
      await sleep(LOOK_EVERY_MS);
    }
  };
  return {
    stores,
    platforms,
    slack: slackChannels.map((channelId) => ({ platform: 'slack', workspaceId: TEAM_ID, channelId })),
    discord: discordChannels.map((channelId) => ({ platform: 'discord', workspaceId: platforms.guildId, channelId })),
    store: async (feed, posts) => {
      const sightings = await storeEntries(stores, feed, posts);
      const storedAt = Date.now();
      await queue.ring({ stage: 'match', ids: sightings.slice(-1) });
      return storedAt;
    },
    follow: (feed, to) => followFeed({ stores, database }, feed, to),
    begin: async () => {
      await ask({ do: 'begin' });
    },
    seen,
    close: async () => {
      await stop(product);
      await child.kill('SIGKILL');
      await queue.stop();
      await database.stop();
      await redis?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settingsFor({ slackApiUrl, discordApiUrl, discordToken }: Platforms): Readonly<Record<string, string>> {
  return {
    TIDINGS_ROLES: 'match,deliver',
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_API_URL: slackApiUrl,
    DISCORD_TOKEN: discordToken,
    DISCORD_APPLICATION_ID: '100000000000000001',
    DISCORD_API_URL: discordApiUrl,
  };
}

const UNLIMITED = ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'unlimited-product-child.ts')];

type Settings = Readonly<Record<string, string>>;

/** It logs as it does for an operator, to a file. */
function startProduct(program: readonly string[], folder: string, settings: Settings): ChildProcess {
  const log = openSync(join(folder, 'product.log'), 'w');
  const product = spawn(process.execPath, program, {
    cwd: folder,
    env: { PATH: env['PATH'], HOME: env['HOME'], TIDINGS_DATA: folder, ...settings },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return product;
}

async function stop(product: ChildProcess): Promise<void> {
  if (product.exitCode !== null || product.signalCode !== null) return;
  const exited = once(product, 'exit');
  product.kill('SIGTERM');
  await exited;
}

function feedUrl(feed: string): string {
  return `https://${feed}.example/`;
}

async function followFeed(
  { stores, database }: { readonly stores: Stores; readonly database: Database },
  name: string,
  channels: readonly ChannelRef[],
): Promise<void> {
  const now = new Date();
  const feed = await primedFeed(stores.feeds, feedUrl(name), [], now);
  for (const channel of channels) {
    await stores.subscriptions.add({ channel, target: { kind: 'feed', feedId: feed.id }, createdBy: 'bench' }, now);
  }
  await database.pool.query('update channels set per_hour = null, burst = null');
}

let number = 0;

async function storeEntries(stores: Stores, name: string, posts: number): Promise<readonly string[]> {
  const stored: string[] = [];
  for (let left = posts; left > 0; left -= ENTRIES_A_POLL) {
    const now = new Date();
    const feed = await stores.feeds.byUrl(new URL(feedUrl(name)));
    if (!feed) throw new Error(`${name} is not followed`);
    const entries = Array.from({ length: Math.min(left, ENTRIES_A_POLL) }, (_, index) => {
      number += 1;
      return entry(`Post ${String(number)} of feed ${name}`, { publishedAt: later(now, index - 100_000) });
    });
    const { sightings } = await stores.feeds.saveDocument(feed, document(entries), () => goodPoll(now), now);
    stored.push(...sightings);
  }
  return stored;
}

function idsFrom(prefix: string, digits: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(digits, '0')}`);
}
