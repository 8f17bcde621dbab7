import { Pool, type ClientBase, type PoolClient } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorText, type Logger } from '../log.js';
import { openEmbedded } from './embedded.js';
import { GatheringSocket } from './gathering-socket.js';
import { migrate } from './migrate.js';
import { checkServer } from './server-check.js';

export interface DatabaseOptions {
  /** A PostgreSQL server of the operator's own, 14 or newer; null: one of ours, in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly log: Logger;
  /** Told of steps a person may have to wait for. */
  readonly onProgress?: (text: string) => void;
}

export interface Database {
  readonly url: string;
  readonly pool: Pool;
  /** Closes the pool, then our own server if nobody else uses it. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

interface Server {
  readonly url: string;
  readonly applicationName: string;
  readonly stop: () => Promise<void>;
}

const MAX_CONNECTIONS = 20;
const CONNECT_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 5_000;

/** The database, ready to use and with today's schema. Throws ConfigError that says what the operator should do. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, log } = options;
  const server: Server = databaseUrl === null ? await openEmbedded(options) : await useServer(databaseUrl);
  const pool = createPool(server, log);
  const database = { url: server.url, pool, stop: once(() => close(pool, server, log)) };
  try {
    // Held until the end: while it is open no other process stops the server.
    await pool.query('select');
    await migrate(server.url, log);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** Planning some statements anew each time costs more than running them: all are named, and planned for any values. */
const SESSION = 'set plan_cache_mode = force_generic_plan';

/** Waited for before the session is used, which the types do not say. */
const setSession = (client: ClientBase): unknown => client.query(SESSION);

/** A pool that outlives its server: a lost connection is logged, and the next query opens another. */
export function createPool({ url, applicationName }: Pick<Server, 'url' | 'applicationName'>, log: Logger): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max: MAX_CONNECTIONS,
    min: 1,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    // Statements that nobody waits in between are sent together.
    pipeline: true,
    stream: () => new GatheringSocket(),
    onConnect: setSession,
  });
  let reported = false;
  const report = (error: Error) => {
    // A server that goes away breaks all connections at once; one line is enough.
    if (!reported) log.error('database.connection-lost', { error: errorText(error) });
    reported = true;
  };
  pool.on('error', report);
  pool.on('connect', (client: PoolClient) => {
    reported = false;
    client.on('error', report);
  });
  return pool;
}

async function useServer(databaseUrl: string): Promise<Server> {
  await checkServer(databaseUrl);
  return { url: databaseUrl, applicationName: 'tidings', stop: () => Promise.resolve() };
}

async function close(pool: Pool, server: Server, log: Logger): Promise<void> {
  const closed = await within(pool.end(), CLOSE_WITHIN_MS);
  if (!closed) log.warn('database.connections-in-use', { count: pool.totalCount });
  await server.stop();
}

async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const done = await Promise.race([work.then(() => true), late]);
  timer.abort();
  return done;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => (result ??= work());
}
