import { createRounds, type Rounds } from '../jobs/rounds.js';
import { createQueue, type Queue } from '../jobs/queue.js';
import { createStages, STAGES, type StageName } from '../jobs/stages.js';
import { createSweep } from '../jobs/sweep.js';
import { within } from '../jobs/within.js';
import { createWorkers } from '../jobs/worker.js';
import type { ChatAdapter } from './chat/chat-adapter.js';
import type { OnCommand } from './chat/command.js';
import { COMMANDS } from './commands/commands.js';
import { createOnCommand } from './commands/run-command.js';
import type { Config } from './config.js';
import type { AddFeedDeps } from './feeds/add-feed.js';
import { visitPages } from './feeds/page-pictures.js';
import { tellOwners } from './deliveries/tell-owners.js';
import type { HubCallback } from './feeds/websub/hub-callback.js';
import { errorStack, type Logger } from './log.js';
import type { Outside } from './outside.js';
import { installationId } from './store/installation.js';
import { createStores, type Stores } from './store/stores.js';
import { CATALOGUE } from './topics/catalogue.js';
import { pollMetrics } from './web/poll-metrics.js';
import { createWebServer, type WebServer } from './web/server.js';
import { createWebSub, noteHubOf } from './websub.js';

/** The whole bot, wired but not yet moving. */
export interface App {
  readonly stores: Stores;
  readonly pollDeps: AddFeedDeps;
  readonly queue: Queue;
  /** Rings for all that is due now. */
  readonly sweepOnce: () => Promise<void>;
  /** Resolves once every role runs. @throws ConfigError when the queue or the port cannot be had. */
  readonly start: () => Promise<void>;
  /** Drains: what runs may end, for 7.5 s at most, and nothing new begins. Idempotent. The database stays open. */
  readonly stop: () => Promise<void>;
  /** Where the web server listens; null without the role `web`. */
  readonly address: () => string | null;
}

/** For all that runs, together: with what follows it, a stop takes less than 10 s. */
const DRAIN_MS = 7_500;
const CLOSE_MS = 1_000;
const CUT_SHORT = 'Some work did not end in time. Its leases end by themselves, and another process goes on with it.';

interface Stoppable {
  readonly stop: () => Promise<void>;
}

/** Platforms are there until nobody posts any more. */
async function stopInOrder(first: readonly (Stoppable | null | undefined)[], then: readonly Stoppable[]) {
  await Promise.all(
    first.map(async (one) => {
      await one?.stop();
    }),
  );
  await Promise.all(then.map((one) => one.stop()));
}

/** What is due so soon is waited for, as the next message of a channel that is written to at its pace. */
const LINGER_MS = 3_000;
/** Of polls, batches. Of deliveries, rings: more than there are platforms. Matching takes a moment and goes one by one, so that posts of one poll are promised in their order. */
const CONCURRENCY: Readonly<Record<StageName, number>> = { poll: 2, match: 1, deliver: 10, edit: 2 };

export interface AppOptions {
  readonly sweepEveryMs?: number;
  /** `createStores`, if it is not given; another can stand between the bot and what it stores. */
  readonly openStores?: typeof createStores;
}

export async function createApp(config: Config, outside: Outside, options: AppOptions = {}): Promise<App> {
  const { adapters, clock, database, log } = outside;
  const { sweepEveryMs, openStores = createStores } = options;
  const stores = openStores(database.pool, outside.isAllowListed);
  const pollDeps: AddFeedDeps = { ...outside, feeds: stores.feeds, noteHub: noteHubOf(config, stores) };
  const queue = await createQueueOf(config, outside);
  const stages = createStages({
    ...pollDeps,
    ...stores,
    adapters: new Map(adapters.map((adapter) => [adapter.platform, adapter])),
    topics: CATALOGUE,
    ...{ settling: config.settling, lingerMs: LINGER_MS },
  });
  const names = STAGES.filter((name) => config.roles.includes(name === 'edit' ? 'deliver' : name));
  const workers = createWorkers(queue, stages, { stages: names, concurrency: CONCURRENCY, log });
  const sweep = createSweep({ stages, queue, names, log, ...(sweepEveryMs && { everyMs: sweepEveryMs }) });
  const websub = createWebSub(config, outside, { stores, pollDeps, queue });
  const pages = createPageRounds(outside, stores, queue);
  const owners = createOwnerRounds(outside, stores);
  const web = config.roles.includes('web')
    ? createWeb(config, outside, { queue, hubs: websub?.callback ?? null })
    : null;
  const onCommand = createOnCommand({ ...stores, topics: CATALOGUE, clock });

  return {
    stores,
    pollDeps,
    queue,
    sweepOnce: sweep.sweepOnce,
    start: async () => {
      await queue.start();
      if (config.roles.includes('poll')) await stores.feeds.prepare(clock());
      // The port is taken before anything moves: a second bot started by mistake stops here.
      await web?.start();
      const delivers = config.roles.includes('deliver');
      if (delivers) await stores.refusals.startAnew(platformsOf(adapters), clock());
      workers.start();
      if (delivers) owners.start();
      sweep.start();
      if (config.roles.includes('poll')) pages.start();
      websub?.rounds.start();
      if (config.roles.includes('chat')) takeCommands(adapters, onCommand, log);
    },
    stop: async () => {
      const first = [workers, sweep, pages, owners, web, websub?.rounds];
      if (!(await within(DRAIN_MS, stopInOrder(first, adapters)))) log.warn('stop.cut-short', { detail: CUT_SHORT });
      await within(CLOSE_MS, queue.stop());
    },
    address: () => web?.address() ?? null,
  };
}

const platformsOf = (adapters: readonly ChatAdapter[]) => adapters.map(({ platform }) => platform);

async function createQueueOf({ redisUrl }: Config, { database, log }: Outside): Promise<Queue> {
  const prefix = `tidings-${await installationId(database.pool)}`;
  return createQueue({ redisUrl, databaseUrl: database.url, prefix, log });
}

/** Not waited for: posts go out also while a platform's command side is down. */
function takeCommands(adapters: readonly ChatAdapter[], onCommand: OnCommand, log: Logger): void {
  const specs = COMMANDS.map(({ spec }) => spec);
  for (const adapter of adapters) {
    adapter.start(specs, onCommand).catch((error: unknown) => {
      log.error('commands.failed', { platform: adapter.platform, stack: errorStack(error) });
    });
  }
}

const VISIT_PAGES_EVERY_MS = 1_000;

function createPageRounds({ clock, fetchPage, log }: Outside, { pages }: Stores, queue: Queue): Rounds {
  const run = async (): Promise<void> => {
    const ids = await visitPages({ pages, fetchPage, clock });
    if (ids.length > 0) await queue.ring({ stage: 'match', ids });
  };
  return createRounds({ name: 'visit-pages', everyMs: VISIT_PAGES_EVERY_MS, run, log });
}

const TELL_OWNERS_EVERY_MS = 5_000;

function createOwnerRounds({ adapters, clock, log }: Outside, { refusals }: Stores): Rounds {
  let stopped = false;
  const deps = { refusals, clock, log, adapters: new Map(adapters.map((adapter) => [adapter.platform, adapter])) };
  const run = () => tellOwners(deps, () => stopped);
  const rounds = createRounds({ name: 'tell-owners', everyMs: TELL_OWNERS_EVERY_MS, run, log });
  return {
    start: rounds.start,
    stop: async () => {
      stopped = true;
      await rounds.stop();
    },
  };
}

function createWeb(
  config: Config,
  { adapters, database, figures, log }: Outside,
  { queue, hubs }: { readonly queue: Queue; readonly hubs: HubCallback | null },
): WebServer {
  return createWebServer({
    host: config.http.host,
    port: config.http.port,
    routes: config.roles.includes('chat') ? adapters.flatMap(({ routes }) => routes) : [],
    hubs,
    checks: { database: () => database.pool.query('select'), queue: queue.counts },
    metrics: pollMetrics(figures.manners, figures.tally),
    log,
  });
}
