import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openDatabase } from '../../src/store/database.js';
import { chooseAccount, runAs } from '../../src/store/embedded-account.js';
import { findBinaries } from '../../src/store/embedded-binaries.js';
import { silentLog } from '../support/database.js';
import { spawnSource, type Child } from '../support/spawn.js';
import { runFolder } from '../support/test-run.js';

const KILLS = 12;
const run = promisify(execFile);

let dataDir: string;
let children: Child[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(runFolder(), 'embedded-'));
});

afterEach(async () => {
  await Promise.all(children.map((child) => child.kill('SIGKILL')));
  children = [];
  await rm(dataDir, { recursive: true });
});

function openInChild(folder = dataDir): Child {
  const child = spawnSource('test/support/open-database-child.ts', { args: [folder] });
  children.push(child);
  return child;
}

async function serverPid(): Promise<number | null> {
  const text = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => null);
  return text === null ? null : Number(text.split('\n')[0]);
}

async function beginAnew(): Promise<void> {
  const server = await serverPid();
  if (server !== null) process.kill(server, 'SIGKILL');
  await rm(join(dataDir, 'postgres'), { recursive: true, force: true, maxRetries: 5 });
}

test('a first start killed at any moment, with or without its programs, leaves a folder that opens', async () => {
  for (let kill = 0; kill < 8; kill += 1) {
    const child = openInChild();
    await child.line(/^progress/, 60_000);
    await sleep(kill * 90);
    // Half of the time only Node dies, and initdb or the server go on alone.
    await child.kill('SIGKILL', kill % 2 === 0 ? 'group' : 'process');
    if (kill % 4 === 3) await beginAnew();
  }
  const database = await openDatabase({ databaseUrl: null, dataDir, log: silentLog });
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await database.stop();
  expect(await serverPid()).toBeNull();
});

test('data committed before any of many crashes of the server and its user is there afterwards', async () => {
  for (let crash = 0; crash < KILLS; crash += 1) {
    const child = openInChild();
    await child.line(/^open/, 60_000);
    child.tell('create table if not exists kept (crash integer)');
    await child.line(/^rows/);
    child.tell(`insert into kept values (${String(crash)}) returning crash`);
    await child.line(/^rows \[\{"crash"/);
    const server = await serverPid();
    await child.kill('SIGKILL');
    if (crash % 2 === 0 && server !== null) process.kill(server, 'SIGKILL');
  }
  const database = await openDatabase({ databaseUrl: null, dataDir, log: silentLog });
  const { rows } = await database.pool.query<{ crash: number }>('select crash from kept order by 1');
  expect(rows.map(({ crash }) => crash)).toEqual(Array.from({ length: KILLS }, (_, crash) => crash));
  await database.stop();
});

test('six processes that start at once share one server, and the last one stops it', async () => {
  const six = Array.from({ length: 6 }, () => openInChild());
  const urls = await Promise.all(six.map((child) => child.line(/^open/, 60_000)));
  expect(new Set(urls).size).toBe(1);
  for (const child of six) child.tell('stop');
  expect(await Promise.all(six.map((child) => child.exited))).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await serverPid()).toBeNull();
});

// Skipped for others: only root can mount a small disk and close a checkout to everybody else.
(process.getuid?.() === 0 && process.platform === 'linux' ? describe : describe.skip)('under root on Linux', () => {
  test('a full disk is told in one line', async () => {
    const small = join(dataDir, 'small');
    await mkdir(small);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', small]);
    try {
      const child = openInChild(small);
      const line = await child.line(/^failed/, 60_000);
      expect(line).toMatch(/The disk that holds .* is full: free at least 100 MB/);
    } finally {
      await run('umount', [small]);
    }
  });

  test('a checkout that only root may enter is no obstacle', async () => {
    const { initdb } = await findBinaries();
    const native = join(dataDir, 'native');
    await run('cp', ['-a', dirname(dirname(initdb)), native]);
    const account = await chooseAccount(join(dataDir, 'postgres'), join(native, 'bin', 'postgres'));
    expect(account?.capability).toMatch(/^dac_/);
    const home = join(dataDir, 'home');
    await mkdir(home);
    await chown(home, account?.uid ?? 0, account?.gid ?? 0);
    const made = await runAs(account, join(native, 'bin', 'initdb'), ['--no-sync', `--pgdata=${join(home, 'data')}`]);
    expect(made).toMatchObject({ code: 0 });
  });
});
