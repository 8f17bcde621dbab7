import { randomBytes, randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  chown,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { codeOf } from './client.js';
import { runAs, type Account } from './embedded-account.js';
import type { Binaries } from './embedded-binaries.js';

/** A PostgreSQL data folder of ours. `home` holds the cluster (`data`), its password and its log. */
export interface Cluster {
  readonly home: string;
  readonly data: string;
  readonly log: string;
  readonly account: Account | null;
  readonly binaries: Binaries;
}

export const OWNER = 'tidings';
/** Written once, so that an operator's `alter system` wins over them. */
const INITIAL_SETTINGS = [
  'max_connections=100',
  'shared_buffers=128MB',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_checkpoints=off',
  // After each checkpoint every page is logged whole once: with a gigabyte of log, that is most of what many polls write.
  'max_wal_size=2GB',
  'checkpoint_timeout=15min',
];
const ROOM_FOR_A_CLUSTER_BYTES = 100_000_000;

/** Makes the folder that holds everything, absolute and without symbolic links. Throws ConfigError if it cannot be written. */
export async function prepareDataFolder(dataDir: string): Promise<string> {
  try {
    await makeFolder(resolve(dataDir));
    const folder = await realpath(dataDir);
    // Only writing tells: permission bits know nothing of quotas and read-only disks.
    const probe = join(folder, `writable-${randomUUID()}`);
    await writeFile(probe, '');
    await rm(probe);
    return folder;
  } catch (error) {
    throw new ConfigError([
      `The data folder ${resolve(dataDir)} cannot be written (${codeOf(error)}): ` +
        'give this user the right to write there, or set TIDINGS_DATA to another folder.',
    ]);
  }
}

/** With its parents. Not by `recursive`: under /proc, where no folder can be made, Node then tries for ever. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || (await exists(dirname(path)))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Makes the cluster unless it is there. A half-made one never bears its final name: it is made aside, then renamed. */
export async function ensureCluster(
  cluster: Cluster,
  options: { durable: boolean; onCreate: () => void },
): Promise<void> {
  await removeUnfinished(cluster.home);
  const version = await readOwn(cluster, join(cluster.data, 'PG_VERSION'));
  if (version === null) {
    await refuseForeignFolder(cluster.home);
    options.onCreate();
    return createCluster(cluster, options.durable);
  }
  if (version.trim() === cluster.binaries.major) return refuseForeignOwner(cluster);
  throw new ConfigError([
    `${cluster.data} was made by PostgreSQL ${version.trim()}, but this Tidings brings PostgreSQL ${cluster.binaries.major}: ` +
      'run the Tidings version that made it and take a backup, or set TIDINGS_DATA to a new folder.',
  ]);
}

export async function readPassword(cluster: Cluster): Promise<string> {
  const password = await readOwn(cluster, join(cluster.home, 'password'));
  if (password) return password.trim();
  throw new ConfigError([
    `${join(cluster.home, 'password')} is missing, so ${cluster.data} cannot be opened: ` +
      'restore that file from a backup, or move the folder away to begin anew.',
  ]);
}

/** Reads a file of the cluster; null if there is none. Throws ConfigError if another user owns it. */
export async function readOwn({ home }: Pick<Cluster, 'home'>, path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw codeOf(error) === 'EACCES' ? notOurs(home) : error;
  }
}

function notOurs(home: string): ConfigError {
  return new ConfigError([
    `${home} belongs to another user of this machine: run Tidings as that user, or set TIDINGS_DATA to another folder.`,
  ]);
}

/** PostgreSQL opens only what its own user owns, even where others may read it. */
async function refuseForeignOwner({ account, data, home }: Cluster): Promise<void> {
  const user = account?.uid ?? process.getuid?.();
  if (user !== undefined && (await stat(data)).uid !== user) throw notOurs(home);
}

/** Writes a file only the server's user may read. */
async function writeOwn(cluster: Pick<Cluster, 'account'>, path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await giveTo(cluster.account, path);
}

/** An initdb that outlived its killed parent may still be writing: hence the retries. */
async function removeUnfinished(home: string): Promise<void> {
  const siblings = await readdir(dirname(home));
  const unfinished = siblings.filter((name) => name.startsWith(`${basename(home)}.new-`));
  await Promise.all(
    unfinished.map((name) => rm(join(dirname(home), name), { recursive: true, force: true, maxRetries: 5 })),
  );
}

async function refuseForeignFolder(home: string): Promise<void> {
  const entries = await readdir(home).catch((error: unknown) => (codeOf(error) === 'ENOENT' ? [] : null));
  if (entries?.length === 0) return;
  throw new ConfigError([
    `${home} holds files, but no database of Tidings: move that folder away, or set TIDINGS_DATA to another one.`,
  ]);
}

async function createCluster(cluster: Cluster, durable: boolean): Promise<void> {
  const unfinished = `${cluster.home}.new-${randomUUID()}`;
  await mkdir(unfinished, { mode: 0o700 });
  await chmod(unfinished, 0o700);
  await giveTo(cluster.account, unfinished);
  try {
    const passwordFile = join(unfinished, 'password');
    await writeOwn(cluster, passwordFile, `${randomBytes(24).toString('base64url')}\n`);
    await initdb(cluster, { data: join(unfinished, 'data'), passwordFile, durable });
    await removeEmptyFolder(cluster.home);
    await rename(unfinished, cluster.home);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function removeEmptyFolder(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function initdb(
  cluster: Cluster,
  { data, passwordFile, durable }: { data: string; passwordFile: string; durable: boolean },
): Promise<void> {
  const { code, output } = await runAs(cluster.account, cluster.binaries.initdb, [
    `--pgdata=${data}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...INITIAL_SETTINGS.flatMap((setting) => ['--set', setting]),
    ...(durable ? [] : ['--no-sync']),
  ]);
  if (code !== 0) throw await cannotCreate(cluster, output);
}

async function cannotCreate({ home }: Cluster, output: string): Promise<ConfigError> {
  const { bavail, bsize } = await statfs(dirname(home));
  const lastLine = output.split('\n').findLast((line) => line.includes('rror:')) ?? output.split('\n').at(-1) ?? '';
  return new ConfigError([
    bavail * bsize < ROOM_FOR_A_CLUSTER_BYTES
      ? `The disk that holds ${dirname(home)} is full: free at least 100 MB, or set TIDINGS_DATA to a folder on another disk.`
      : `PostgreSQL could not set up its folder ${home} (${lastLine.trim()}): mend that, or set DATABASE_URL.`,
  ]);
}

async function giveTo(account: Account | null, path: string): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}
