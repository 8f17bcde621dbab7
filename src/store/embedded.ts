import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { ConfigError } from '../errors.js';
import { errorText, type Logger } from '../log.js';
import { codeOf, withClient } from './client.js';
import { chooseAccount } from './embedded-account.js';
import { findBinaries } from './embedded-binaries.js';
import { ensureCluster, prepareDataFolder, type Cluster } from './embedded-cluster.js';
import { ensureDatabase, findServer, startServer, stopServer } from './embedded-server.js';

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Logger;
  readonly onProgress?: (text: string) => void;
  /** More settings of the server, as "name=value". */
  readonly settings?: readonly string[];
  /** False: the folder is thrown away afterwards, so nothing is flushed to disk while it is made. */
  readonly durable?: boolean;
}

/** A PostgreSQL server of our own, shared by all Tidings processes that use one data folder. */
export interface EmbeddedServer {
  readonly url: string;
  /** Every session of this process must bear it: the sessions of others keep the server alive. */
  readonly applicationName: string;
  /** Stops the server unless another Tidings process has sessions open. Close our own first. */
  readonly stop: () => Promise<void>;
}

const NAME_PREFIX = 'tidings/';
const LOCK_RETRY_MS = 50;
const LOCK_WITHIN_MS = 60_000;
/** A lock whose holder was killed is taken over after this long. */
const LOCK_STALE_MS = 5_000;

let opened = 0;

/**
 * Starts the server of this data folder, or joins the one that runs: another process may have it open, or a killed
 * one may have left it behind. Throws ConfigError with what to do if neither works.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = await prepareDataFolder(options.dataDir);
  const home = join(dataDir, 'postgres');
  const binaries = await findBinaries();
  return locked(home, options.log, async () => {
    const account = await chooseAccount(home, binaries.postgres);
    const cluster = { home, data: join(home, 'data'), log: join(home, 'server.log'), account, binaries };
    const url = await ensureDatabase(await runningServer(cluster, options));
    opened += 1;
    const applicationName = `${NAME_PREFIX}${String(process.pid)}-${String(opened)}`;
    return { url, applicationName, stop: () => stopIfLast(cluster, { url, applicationName, log: options.log }) };
  });
}

async function runningServer(cluster: Cluster, options: EmbeddedOptions): Promise<string> {
  const { log, onProgress = () => undefined } = options;
  const onCreate = () => {
    onProgress('Setting up the database (first start only)');
    log.info('database.created', { folder: cluster.home });
  };
  await ensureCluster(cluster, { durable: options.durable ?? true, onCreate });
  const found = await findServer(cluster);
  if (found.kind === 'running') {
    log.info('database.joined', { folder: cluster.home });
    return found.url;
  }
  onProgress('Starting the database');
  const url = await startServer(cluster, { lastPort: found.lastPort, settings: options.settings ?? [] });
  log.info('database.started', { folder: cluster.home });
  return url;
}

async function stopIfLast(
  cluster: Cluster,
  { url, applicationName, log }: { url: string; applicationName: string; log: Logger },
): Promise<void> {
  try {
    await locked(cluster.home, log, async () => {
      if ((await othersCount(url, applicationName)) > 0) return;
      await stopServer(cluster);
      log.info('database.stopped', { folder: cluster.home });
    });
  } catch (error) {
    // A server left running does no harm: the next start joins it.
    log.warn('database.left-running', { folder: cluster.home, error: errorText(error) });
  }
}

async function othersCount(url: string, applicationName: string): Promise<number> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ others: number }>(
      /* sql */ `select count(*)::int as others from pg_stat_activity
        where starts_with(application_name, $1) and application_name <> $2`,
      [NAME_PREFIX, applicationName],
    ),
  );
  return rows[0]?.others ?? 0;
}

/** One process at a time starts or stops the server of a folder. */
async function locked<T>(home: string, log: Logger, work: () => Promise<T>): Promise<T> {
  const release = await takeLock(home, log);
  try {
    return await work();
  } finally {
    await release().catch((error: unknown) => {
      log.warn('database.lock-lost', { folder: home, error: errorText(error) });
    });
  }
}

async function takeLock(home: string, log: Logger): Promise<() => Promise<void>> {
  try {
    return await lock(home, {
      realpath: false,
      stale: LOCK_STALE_MS,
      retries: {
        retries: LOCK_WITHIN_MS / LOCK_RETRY_MS,
        factor: 1,
        minTimeout: LOCK_RETRY_MS,
        maxTimeout: LOCK_RETRY_MS,
      },
      onCompromised: (error) => {
        log.warn('database.lock-lost', { folder: home, error: errorText(error) });
      },
    });
  } catch (error) {
    throw new ConfigError([
      `Another process has been starting or stopping the database in ${home} for a minute (${codeOf(error)}): ` +
        `stop it; if there is none, remove ${home}.lock and start again.`,
    ]);
  }
}
