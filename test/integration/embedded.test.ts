import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../../src/errors.js';
import { openDatabase, type Database } from '../../src/store/database.js';
import { silentLog } from '../support/database.js';
import { spawnSource, type Child } from '../support/spawn.js';
import { runFolder } from '../support/test-run.js';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

/** Making a cluster is the slow part: tests that can do with a used one share it. */
let shared: string;
let dataDir: string;
let opened: Database[] = [];
let children: Child[] = [];

beforeAll(async () => {
  shared = await newFolder();
});

afterAll(async () => {
  await rm(shared, { recursive: true });
});

afterEach(async () => {
  await Promise.all(children.map((child) => child.kill('SIGKILL')));
  await Promise.all(opened.map((database) => database.stop()));
  if ((await serverPid()) !== null) await (await open()).stop();
  if ((await serverPid()) !== null) throw new Error(`a server is left in ${dataDir}`);
  if (dataDir !== shared) await rm(dataDir, { recursive: true });
  opened = [];
  children = [];
});

/** Open to its owner alone, as mkdtemp makes it: under root the server's user cannot pass through. */
function newFolder(): Promise<string> {
  return mkdtemp(join(runFolder(), 'embedded-'));
}

async function open(folder = dataDir): Promise<Database> {
  const database = await openDatabase({ databaseUrl: null, dataDir: folder, log: silentLog });
  opened.push(database);
  return database;
}

function openInChild(user?: string): Child {
  const child = spawnSource('test/support/open-database-child.ts', {
    args: [dataDir],
    ...(user === undefined ? {} : { user }),
  });
  children.push(child);
  return child;
}

async function serverPid(): Promise<number | null> {
  const text = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => null);
  return text === null ? null : Number(text.split('\n')[0]);
}

async function killServer(): Promise<void> {
  process.kill((await serverPid()) ?? 0, 'SIGKILL');
}

/** A killed server's sessions end a moment after it. */
async function untilItFails(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const failed = await work().then(
      () => false,
      () => true,
    );
    if (failed) return;
    await sleep(20);
  }
}

async function setting(database: Database, name: string): Promise<unknown> {
  const { rows } = await database.pool.query<{ value: string }>('select current_setting($1) as value', [name]);
  return rows[0]?.value;
}

async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof ConfigError ? error.problems : [`no ConfigError: ${String(error)}`];
}

describe('an embedded database', () => {
  beforeEach(() => {
    dataDir = shared;
  });

  test('is made anew where a first start was cut short, and keeps its data from then on', async () => {
    await mkdir(join(dataDir, 'postgres.new-0', 'data'), { recursive: true });
    await writeFile(join(dataDir, 'postgres.new-0', 'data', 'PG_VERSION'), '18\n');
    const first = await open();
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
    await first.pool.query(`create table kept as select 'here' as word`);
    await first.stop();
    await first.stop();
    expect(await serverPid()).toBeNull();

    const second = await open();
    expect((await second.pool.query('select word from kept')).rows).toEqual([{ word: 'here' }]);
  });

  test('is durable, and reachable only from this machine and with its password', async () => {
    const database = await open();
    expect(await setting(database, 'listen_addresses')).toBe('127.0.0.1');
    expect(await setting(database, 'unix_socket_directories')).toBe('');
    expect(await setting(database, 'fsync')).toBe('on');
    expect(await setting(database, 'synchronous_commit')).toBe('on');
    expect(await setting(database, 'server_encoding')).toBe('UTF8');

    const password = await stat(join(dataDir, 'postgres', 'password'));
    expect((password.mode & 0o777).toString(8)).toBe('600');
    const guess = new URL(database.url);
    guess.password = 'guess';
    expect(await problemsOf(openDatabase({ databaseUrl: guess.href, dataDir, log: silentLog }))).toEqual([
      expect.stringContaining('wrong user or password'),
    ]);
  });

  test('outlives a killed process and its group, and is joined by the next', async () => {
    const child = openInChild();
    await child.line(/^open /);
    child.tell(`create table of_child as select 'here' as word`);
    await child.line(/^rows /);
    const server = await serverPid();
    await child.kill('SIGKILL', 'group');

    const database = await open();
    expect(await serverPid()).toBe(server);
    expect((await database.pool.query('select word from of_child')).rows).toEqual([{ word: 'here' }]);
  });

  test('is one for two processes that start at once, and stops with the last of them', async () => {
    const [a, b] = [openInChild(), openInChild()];
    const [urlOfA, urlOfB] = await Promise.all([a.line(/^open /), b.line(/^open /)]);
    expect(urlOfA).toBe(urlOfB);

    a.tell('stop');
    expect(await a.exited).toBe(0);
    b.tell('select 1 as one');
    expect(await b.line(/^rows/)).toBe('rows [{"one":1}]');

    b.tell('stop');
    expect(await b.exited).toBe(0);
    expect(await serverPid()).toBeNull();
  });

  test('recovers when the server was killed, and processes that had it open find it again', async () => {
    const before = await open();
    await before.pool.query(`create table committed as select 'here' as word`);
    const held = await before.pool.connect();
    await killServer();
    await untilItFails(() => held.query('select'));
    held.release(true);
    await untilItFails(() => before.pool.query('select'));

    const after = await open();
    expect((await after.pool.query('select word from committed')).rows).toEqual([{ word: 'here' }]);
    expect((await before.pool.query('select word from committed')).rows).toEqual([{ word: 'here' }]);
  });

  test('starts though another program has the number of the killed server by now', async () => {
    const { stop } = await open();
    await stop();
    const { uid, gid } = await stat(join(dataDir, 'postgres', 'data'));
    const other = spawn('sleep', ['60'], { stdio: 'ignore', ...(isRoot ? { uid, gid } : {}) });
    const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid');
    await writeFile(pidFile, `${String(other.pid)}\n/nowhere\n1\n5432\n\n127.0.0.1\n   1  1\nready   \n`);
    await chown(pidFile, uid, gid);
    try {
      expect((await (await open()).pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    } finally {
      other.kill();
    }
  });
});

describe('a new data folder', () => {
  beforeEach(async () => {
    dataDir = await newFolder();
  });

  test('behind a file is refused in one line', async () => {
    await writeFile(join(dataDir, 'file'), '');
    expect(await problemsOf(open(join(dataDir, 'file', 'data')))).toEqual([
      expect.stringMatching(/cannot be written \(ENOTDIR\).*set TIDINGS_DATA/),
    ]);
  });

  test('of another major version of PostgreSQL is refused in one line', async () => {
    await mkdir(join(dataDir, 'postgres', 'data'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '15\n');
    expect(await problemsOf(open())).toEqual([expect.stringMatching(/made by PostgreSQL 15.*take a backup/)]);
  });

  test('with files that are not ours is refused, and they are left alone', async () => {
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'letters.txt'), 'dear');
    expect(await problemsOf(open())).toEqual([expect.stringMatching(/no database of Tidings: move that folder away/)]);
    expect(await readFile(join(dataDir, 'postgres', 'letters.txt'), 'utf8')).toBe('dear');
  });
});

// Skipped for others: only root runs the server as somebody else.
(isRoot ? describe : describe.skip)('under root, a data folder', () => {
  beforeEach(async () => {
    dataDir = await newFolder();
  });

  test('serves an ordinary user, and root later as that user', async () => {
    await chmod(dataDir, 0o755);
    await chown(dataDir, NOBODY, NOBODY);
    const child = openInChild('nobody');
    await child.line(/^open /);
    child.tell('stop');
    expect(await child.exited).toBe(0);

    await open();
    expect((await stat(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).uid).toBe(NOBODY);
  });

  test('of root is refused to another user in one line', async () => {
    dataDir = shared;
    await chmod(dataDir, 0o777);
    const foreign = spawnSource('test/support/open-database-child.ts', { args: [dataDir], user: 'nobody' });
    children.push(foreign);
    expect(await foreign.line(/^failed/)).toMatch(/belongs to another user of this machine: run Tidings as that user/);
  });

  test('that a user may not write is refused in one line', async () => {
    await chmod(dataDir, 0o755);
    const child = openInChild('nobody');
    expect(await child.line(/^failed/)).toMatch(/cannot be written \(EACCES\): give this user the right/);
    expect(await child.exited).toBe(78);
  });
});
