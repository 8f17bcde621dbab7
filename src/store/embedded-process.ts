import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Whether this process is the PostgreSQL server of this data folder. A process number outlives its process
 * and may be given to another program. In doubt the answer is yes: a second server would ruin the data.
 */
export async function isServerProcess(pid: number, dataFolder: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (!(await nameOf(pid)).includes('postgres')) return false;
  // A server works in its data folder; only its own user and root may look.
  const folder = await readlink(`/proc/${String(pid)}/cwd`).catch(() => dataFolder);
  return folder === dataFolder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function nameOf(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${String(pid)}/comm`, 'utf8').catch(() => null);
  if (fromProc !== null) return fromProc;
  const asked = await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => null);
  return asked?.stdout ?? 'postgres';
}
