import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '../../src/store/database.js';
import { silentLog } from '../support/database.js';
import { startRedisServer } from '../support/redis-server.js';
import { cpuMs } from './cpu.js';
import type { BenchOptions } from './options.js';
import { opmlOf, type Origin } from './origin.js';

export interface ProductCpu {
  readonly node: number;
  readonly postgres: number;
}

/** The product as an operator runs it: `start` in a process of its own, on a database that survives a power cut. */
export interface Product {
  readonly pid: number;
  readonly database: Database;
  /** Makes every feed due. Resolves with the milliseconds until each was polled and its outcome stored. */
  readonly pollAll: () => Promise<number>;
  /** Milliseconds of CPU time so far. */
  readonly cpu: () => Promise<ProductCpu>;
  /** Posts stored so far. */
  readonly posts: () => Promise<number>;
  readonly close: () => Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

const LOG = 'product.log';
const LOOK_EVERY_MS = 50;
const GIVE_UP_MS = 900_000;

/** Starts it with the feeds of an origin and waits until each was polled for the first time. */
export async function startProduct(origin: Origin, options: BenchOptions): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
  const database = await openDatabase({ databaseUrl: null, dataDir: folder, log: silentLog });
  const redis = options.redis ? await startRedisServer() : null;
  const feedsFile = join(folder, 'feeds.opml');
  await writeFile(feedsFile, opmlOf(origin.urls));
  const process = startProcess(options, folder, {
    DATABASE_URL: database.url,
    TIDINGS_DATA: folder,
    TIDINGS_FEEDS: feedsFile,
    TIDINGS_ALLOW_HOSTS: `127.0.0.1:${String(origin.port)}`,
    TIDINGS_ROLES: 'poll,match',
    ...(redis && { REDIS_URL: redis.url }),
  });
  const close = async (): Promise<void> => {
    await stop(process);
    await database.stop();
    await redis?.drop();
    await rm(folder, { recursive: true, force: true });
  };
  const polled = (since: Date): Promise<void> => allPolled(database, process, { since, feeds: origin.urls.length });
  await polled(new Date(0)).catch(async (error: unknown) => {
    const log = await readFile(join(folder, LOG), 'utf8');
    await close();
    throw new Error(log.slice(-2_000), { cause: error });
  });
  return {
    pid: process.pid ?? 0,
    database,
    pollAll: async () => {
      const since = new Date();
      const startedAt = performance.now();
      await database.pool.query("update feeds set next_poll_at = now() - interval '1 second'");
      await polled(since);
      return performance.now() - startedAt;
    },
    cpu: async () => ({ node: await cpuMs(process.pid ?? 0), postgres: await cpuMs(await serverPid(folder)) }),
    posts: () => countOf(database, 'select count(*)::int as count from posts'),
    close,
  };
}

/** It logs as it does for an operator, to a file. */
function startProcess({ dist, profile }: BenchOptions, folder: string, settings: Settings): ChildProcess {
  const log = openSync(join(folder, LOG), 'w');
  const profiling = profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const main = join(dist, 'src', 'main.js');
  const product = spawn(process.execPath, [...nodeFlags(main), ...profiling, main, 'start'], {
    cwd: folder,
    env: { PATH: env['PATH'], HOME: env['HOME'], ...settings },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return product;
}

/** Those of its first line, which an operator's shell would give. */
function nodeFlags(main: string): string[] {
  const [firstLine = ''] = readFileSync(main, 'utf8').split('\n', 1);
  return firstLine.split(' ').filter((word) => word.startsWith('--'));
}

async function serverPid(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

async function stop(product: ChildProcess): Promise<void> {
  if (product.exitCode !== null || product.signalCode !== null) return;
  const exited = once(product, 'exit');
  product.kill('SIGTERM');
  await exited;
}

interface Expected {
  readonly since: Date;
  readonly feeds: number;
}

async function allPolled(database: Database, product: ChildProcess, { since, feeds }: Expected): Promise<void> {
  const giveUpAt = Date.now() + GIVE_UP_MS;
  for (;;) {
    const count = await countOf(database, POLLED, [since]);
    if (count >= feeds) return;
    if (product.exitCode !== null) throw new Error(`the product ended with exit code ${String(product.exitCode)}`);
    if (Date.now() > giveUpAt) throw new Error(`only ${String(count)} of ${String(feeds)} feeds were polled`);
    await sleep(LOOK_EVERY_MS);
  }
}

const POLLED = 'select count(*)::int as count from feeds where last_polled_at > $1';

async function countOf({ pool }: Database, sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(sql, values);
  return rows[0]?.count ?? 0;
}
