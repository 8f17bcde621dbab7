import { readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../errors.js';
import { codeOf, withClient } from './client.js';
import { runAs } from './embedded-account.js';
import { OWNER, readOwn, readPassword, type Cluster } from './embedded-cluster.js';
import { isServerProcess } from './embedded-process.js';

const DATABASE = 'tidings';
const ANSWER_WITHIN_MS = 10_000;
const RECOVER_WITHIN_S = 120;
const STOP_WITHIN_S = 60;
const POLL_MS = 25;
const START_ATTEMPTS = 3;
const START_RETRY_MS = 300;

/** Never left to the operator: they keep the server private to this machine and reachable for us. */
const FIXED_SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];

/** What postmaster.pid says. The file outlives a killed server. */
interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** `lastPort` is where a server that is gone without a farewell was; 0 if none was. */
export type Found =
  { readonly kind: 'running'; readonly url: string } | { readonly kind: 'none'; readonly lastPort: number };

/** Looks for a server that already runs on this cluster. Call it under the folder's lock. */
export async function findServer(cluster: Cluster): Promise<Found> {
  const giveUpAt = Date.now() + ANSWER_WITHIN_MS;
  let lastError = 'not ready';
  for (;;) {
    const found = await readPidFile(cluster);
    if (!found) return { kind: 'none', lastPort: 0 };
    if (!(await isServerProcess(found.pid, cluster.data))) {
      // The number may belong to another program by now, and PostgreSQL would refuse to start because of it.
      await rm(join(cluster.data, 'postmaster.pid'), { force: true });
      return { kind: 'none', lastPort: found.port };
    }
    const url = urlOf(await readPassword(cluster), found.port);
    lastError = found.ready ? await tryConnect(url) : lastError;
    if (lastError === '') return { kind: 'running', url };
    if (Date.now() > giveUpAt) throw silent(cluster, found.pid, lastError);
    await sleep(POLL_MS);
  }
}

/**
 * Starts the server and resolves once it takes connections. Crash recovery, if needed, happens here.
 * It takes `lastPort` again if it is free: processes that lost a killed server then find the new one.
 */
export async function startServer(
  cluster: Cluster,
  { lastPort, settings }: { lastPort: number; settings: readonly string[] },
): Promise<string> {
  let port = lastPort;
  await rename(cluster.log, `${cluster.log}.1`).catch(ignoreMissing);
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    port = await freePort(port).catch(() => freePort(0));
    if (await pgCtlStart(cluster, [...FIXED_SETTINGS, `port=${String(port)}`, ...settings])) {
      return urlOf(await readPassword(cluster), port);
    }
    // Another program took the port just now, or the last parts of a killed server are still going away.
    await sleep(START_RETRY_MS);
  }
  throw await cannotStart(cluster);
}

/** pg_ctl puts the server in a session of its own: Ctrl-C in a terminal must not stop it before we are done with it. */
async function pgCtlStart(cluster: Cluster, settings: readonly string[]): Promise<boolean> {
  const { code } = await runAs(cluster.account, cluster.binaries.pgCtl, [
    'start',
    '--wait',
    `--timeout=${String(RECOVER_WITHIN_S)}`,
    `--pgdata=${cluster.data}`,
    `--log=${cluster.log}`,
    `--options=${settings.map((setting) => `-c ${setting}`).join(' ')}`,
  ]);
  return code === 0;
}

/** Fast shutdown: open sessions are ended, everything committed is kept. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const { code, output } = await runAs(cluster.account, cluster.binaries.pgCtl, [
    'stop',
    '--wait',
    '--mode=fast',
    `--timeout=${String(STOP_WITHIN_S)}`,
    `--pgdata=${cluster.data}`,
  ]);
  if (code !== 0 && (await readPidFile(cluster))) throw new Error(`pg_ctl stop failed: ${output}`);
}

/** Makes our database in a server that may be new, and answers its URL. */
export async function ensureDatabase(serverUrl: string): Promise<string> {
  await withClient(serverUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  });
  const url = new URL(serverUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}

async function readPidFile(cluster: Cluster): Promise<PidFile | null> {
  const text = await readOwn(cluster, join(cluster.data, 'postmaster.pid'));
  const lines = text?.split('\n') ?? [];
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' };
}

function urlOf(password: string, port: number): string {
  return `postgresql://${OWNER}:${password}@127.0.0.1:${String(port)}/postgres`;
}

/** Empty if a connection could be made, else why not. */
async function tryConnect(url: string): Promise<string> {
  try {
    await withClient(url, (client) => client.query('select'));
    return '';
  } catch (error) {
    return codeOf(error);
  }
}

function silent(cluster: Cluster, pid: number, reason: string): ConfigError {
  return new ConfigError([
    `A PostgreSQL server (process ${String(pid)}) holds ${cluster.data} but takes no connections (${reason}): ` +
      'wait if it is recovering from a crash; else stop that process and start again.',
  ]);
}

async function cannotStart(cluster: Cluster): Promise<ConfigError> {
  const log = await readFile(cluster.log, 'utf8').catch(() => '');
  const reason = log.split('\n').findLast((line) => /\b(FATAL|PANIC|error)\b/.test(line)) ?? 'no reason given';
  return new ConfigError([
    `PostgreSQL did not start on ${cluster.data} (${reason.trim()}): ` +
      `${cluster.log} says more; mend that, or restore a backup, or set DATABASE_URL.`,
  ]);
}

function freePort(wanted: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: wanted, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : wanted);
      });
    });
  });
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}
