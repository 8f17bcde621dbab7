import {
  createPostgresBackend,
  Queue as BullQueue,
  runMigrations,
  withBackend,
  Worker as BullWorker,
  type PgPool,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Logger } from '../src/log.js';
import { hostOf, silent } from './address.js';
import { addJobs, countsOf, type Bell, type StageCounts } from './bell.js';
import { createListener, type Listener, type Hired, type Take } from './listener.js';
import { createWatch } from './outage.js';
import { hangUp, reconnectAfterMs, warnOfEviction } from './redis-client.js';
import { perStage, STAGES, type Ring, type StageName } from './stages.js';
import { within } from './within.js';

export interface QueueOptions {
  /** Null: the queue lives in the database. */
  readonly redisUrl: string | null;
  readonly databaseUrl: string;
  /** Keeps two products on one server apart. No `:`. */
  readonly prefix: string;
  readonly log: Logger;
  /** How long a process may be dead before another takes its running jobs; a ring of such a job is dropped until then. */
  readonly lockMs?: number;
}

/** The doorbell. It may forget, and it may ring twice: the database knows what is due. */
export interface Queue {
  /** Rejects with `ConfigError` when the server does not answer within about 5 s. */
  readonly start: () => Promise<void>;
  /** Ids are UUIDs. An id that waits or runs is not doubled; once it has run it can ring again. Rejects, soon, when the server is away. */
  readonly ring: (ring: Ring) => Promise<void>;
  readonly listen: (stage: StageName, options: ListenOptions) => Listener;
  readonly counts: () => Promise<Record<StageName, StageCounts>>;
  /** Lets running jobs end, for 8 s at most. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

export interface ListenOptions {
  /** Jobs of this stage run at once in this process. */
  readonly concurrency: number;
  /** Must not reject. */
  readonly run: (id: string) => Promise<void>;
}

/** What differs between Redis and PostgreSQL. */
interface Server {
  readonly label: string;
  readonly open: (onError: (error: unknown) => void) => Promise<void>;
  readonly probe: () => Promise<unknown>;
  readonly bell: (name: string) => Bell;
  readonly hire: (name: string, take: Take, tuning: Tuning) => Hired;
  readonly close: () => Promise<void>;
}
type Tuning = Pick<WorkerOptions, 'concurrency' | 'lockDuration' | 'stalledInterval'>;

/** A job that takes longer may be rung twice, which its claim makes harmless; a killed one is missed no longer than that. */
const LOCK_MS = 15_000;
const CLOSE_MS = 1_000;
const START_MS = 3_000;
const ANSWER_MS = 3_000;
/** Nobody reads BullMQ's event stream, so it is kept short; BullMQ's own version check writes to the console. */
const QUEUE = { skipVersionCheck: true, streams: { events: { maxLen: 256 } } } as const;
/**
 * A stalled job is no fault of the job: a process died, so it may be taken up any number of times.
 * Locks are not renewed: a run that outlives its lock is rung again and finds that its lease is taken.
 */
const WORKER = {
  skipVersionCheck: true,
  autorun: false,
  runRetryDelay: 1_000,
  maxStalledCount: 1_000,
  skipLockRenewal: true,
} as const;

/** Connects to nothing before `start`. BullMQ keeps its state on Redis, or in the schema `bullmq` of the database. */
export function createQueue(options: QueueOptions): Queue {
  const server =
    options.redisUrl === null ? postgresServer(options.databaseUrl) : redisServer(options.redisUrl, options.log);
  const watch = createWatch({ probe: server.probe, server: server.label, log: options.log });
  let bells: Record<StageName, Bell> | undefined;
  const listeners = new Set<Listener>();
  const nameOf = (stage: StageName): string => `${options.prefix}-${stage}`;
  const openBell = (stage: StageName): Bell => {
    const bell = server.bell(nameOf(stage));
    bell.on('error', watch.suspect);
    return bell;
  };
  const bellOf = (stage: StageName): Bell => started(bells)[stage];
  let stopped: Promise<void> | undefined;

  const stop = async (): Promise<void> => {
    await Promise.all([...listeners].map((listener) => listener.stop()));
    watch.stop();
    await within(CLOSE_MS, Promise.all(Object.values(bells ?? {}).map((bell) => bell.close())));
    bells = undefined;
    await server.close();
  };

  return {
    start: async () => {
      await server.open(watch.suspect);
      bells = perStage(openBell);
    },
    ring: async ({ stage, ids }) => {
      await addJobs(bellOf(stage), ids).catch((error: unknown) => {
        watch.suspect(error);
        throw error;
      });
    },
    listen: (stage, { concurrency, run }) => {
      bellOf(stage);
      const hire = (take: Take): Hired =>
        server.hire(nameOf(stage), take, tuningFor(concurrency, options.lockMs ?? LOCK_MS));
      const listener = createListener({ hire, run, watch });
      listeners.add(listener);
      return listener;
    },
    counts: async () => {
      const counts = await Promise.all(STAGES.map(async (stage) => [stage, await countsOf(bellOf(stage))] as const));
      const byStage = new Map(counts);
      return perStage((stage) => byStage.get(stage) ?? { waiting: 0, active: 0 });
    },
    stop: () => (stopped ??= stop()),
  };
}

function started<T>(bells: T | undefined): T {
  if (!bells) throw new Error('the queue is not started');
  return bells;
}

function tuningFor(concurrency: number, lockMs: number): Tuning {
  return { concurrency, lockDuration: lockMs, stalledInterval: lockMs / 4 };
}

const IMPATIENT = { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: ANSWER_MS };

/** Two connections besides the blocking one of each worker: one that asks and gives up at once, one that works and waits. */
function redisServer(url: string, log: Logger): Server {
  const label = `Redis at ${hostOf(url)}`;
  const patient = { maxRetriesPerRequest: null, connectTimeout: ANSWER_MS, retryStrategy: reconnectAfterMs };
  const asking = new Redis(url, { ...patient, ...IMPATIENT });
  let working: Redis | undefined;
  let lastError: unknown = new Error('no answer');
  const remember = (error: unknown): void => {
    lastError = error;
  };
  asking.on('error', remember);

  return {
    label,
    open: async (onError) => {
      asking.connect().catch(remember);
      const ready = new Promise((resolve) => asking.once('ready', resolve));
      if (!(await within(START_MS, ready))) {
        asking.disconnect();
        throw silent('REDIS_URL', url, lastError);
      }
      asking.on('error', onError).on('close', () => {
        onError(lastError);
      });
      lastError = new Error('the connection was lost');
      warnOfEviction(await asking.info('memory'), label, log);
      working = new Redis(url, patient);
      working.on('error', onError);
    },
    probe: () =>
      asking.ping().catch(() => {
        throw lastError;
      }),
    bell: (name) => new BullQueue(name, { ...QUEUE, connection: asking }),
    hire: (name, take, tuning) => {
      const connection = working ?? asking;
      const work = new BullWorker(name, take, { ...WORKER, ...tuning, connection });
      const abandon = async (): Promise<void> => {
        await Promise.all([work.getBackend().blockingClient?.then(hangUp), hangUp(connection)]);
      };
      return { work, abandon };
    },
    close: async () => {
      await within(CLOSE_MS, asking.quit());
      await within(CLOSE_MS, Promise.all([hangUp(asking), working && hangUp(working)]));
    },
  };
}

const onPostgres = withBackend(createPostgresBackend);
/** The worker of each stage keeps one connection to LISTEN on; the queries of all of them share the rest. */
const POOL_SIZE = STAGES.length + 5;

function postgresServer(url: string): Server {
  const pool = new pg.Pool({
    connectionString: url,
    // The doorbell may forget what it was told in the last second: the sweep rings again.
    options: '-c search_path=bullmq -c synchronous_commit=off',
    application_name: 'tidings-queue',
    max: POOL_SIZE,
    connectionTimeoutMillis: 5_000,
    query_timeout: 15_000,
    keepAlive: true,
  });
  // BullMQ describes `pg` in its own words, which @types/pg does not fit though the object does.
  const shared = pool as PgPool;
  return {
    label: `PostgreSQL at ${hostOf(url)}`,
    open: async (onError) => {
      pool.on('error', onError);
      pool.on('connect', (client) => client.on('error', onError));
      const client = await pool.connect().catch((error: unknown) => {
        throw silent('DATABASE_URL', url, error);
      });
      await runMigrations(client).finally(() => {
        client.release();
      });
    },
    probe: () => pool.query('select 1'),
    bell: (name) => new onPostgres.Queue(name, { ...QUEUE, connection: shared }),
    hire: (name, take, tuning) => {
      const work = new onPostgres.Worker(name, take, { ...WORKER, ...tuning, connection: shared });
      return { work, abandon: () => work.disconnect() };
    },
    close: async () => {
      await within(CLOSE_MS, pool.end());
    },
  };
}
