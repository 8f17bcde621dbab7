import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, kill, pid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../src/store/client.js';
import { isServerProcess } from '../../src/store/embedded-process.js';

const PREFIX = 'tidings-test-';
const STOP_WITHIN_MS = 20_000;

/** Gives this run a folder of its own and clears what killed runs left. The server starts when a test asks for it. */
export async function beginRun(): Promise<void> {
  const names = await readdir(tmpdir());
  const abandoned = names.filter((name) => name.startsWith(PREFIX) && !isAlive(Number(name.split('-')[2])));
  await Promise.all(abandoned.map((name) => removeRun(join(tmpdir(), name))));
  env['TIDINGS_TEST_RUN'] = await mkdtemp(join(tmpdir(), `${PREFIX}${String(pid)}-`));
}

/** Removes the folder with the server in it, or, on a server of one's own, what this run left there. */
export async function endRun(): Promise<void> {
  const folder = env['TIDINGS_TEST_RUN'] ?? '';
  const own = env['TEST_DATABASE_URL'];
  if (own) await withClient(own, (client) => client.query(`drop database if exists ${templateName()} with (force)`));
  await removeRun(folder);
}

/** The folder of this run, set by `beginRun` for it and all its workers. */
export function runFolder(): string {
  const folder = env['TIDINGS_TEST_RUN'];
  if (!folder) throw new Error('TIDINGS_TEST_RUN is not set: jest must run test/support/global-setup.ts');
  return folder;
}

/** Names the database that others of this run are copied from. */
export function templateName(): string {
  return `template_${Buffer.from(runFolder()).toString('hex').slice(-24)}`;
}

async function removeRun(folder: string): Promise<void> {
  const dataFolders = await readdir(folder);
  await Promise.all(dataFolders.map((name) => stopServerIn(join(folder, name, 'postgres', 'data'))));
  await rm(folder, { recursive: true, force: true });
}

/** An immediate stop: what is in there is thrown away. */
async function stopServerIn(data: string): Promise<void> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const server = Number(text.split('\n')[0]);
  if (!(server > 0) || !(await isServerProcess(server, data))) return;
  kill(server, 'SIGQUIT');
  const giveUpAt = Date.now() + STOP_WITHIN_MS;
  while (isAlive(server) && Date.now() < giveUpAt) await sleep(20);
}

function isAlive(process: number): boolean {
  try {
    return kill(process, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
