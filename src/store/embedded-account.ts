import { execFile, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../errors.js';

/** The unprivileged user the server runs as. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** A capability that lets it pass folders closed to it (a checkout under /root); null where none is needed. */
  readonly capability: 'dac_read_search' | 'dac_override' | null;
}

/** How a program ended. `code` is null if a signal ended it. */
export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

const CANDIDATES = ['postgres', 'nobody', 'daemon'];
/** The first is weaker and enough; containers often grant only the second. */
const CAPABILITIES = ['dac_read_search', 'dac_override'] as const;
const PLAIN_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/**
 * Whom to run the server as: null means as ourselves. A root user gets the owner of the existing data folder,
 * else a user that every machine has. Throws ConfigError if that user cannot reach the programs or the data.
 */
export async function chooseAccount(home: string, program: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const ids = (await ownerOf(home)) ?? (await firstUser());
  if (ids) {
    const open = (await canPass(dirname(home), ids)) && (await canPass(dirname(program), ids));
    for (const capability of open ? [null] : CAPABILITIES) {
      const account = { ...ids, capability };
      const probe = await runAs(account, program, ['--version']).catch(() => null);
      if (probe?.code === 0) return account;
    }
  }
  throw new ConfigError([
    `PostgreSQL cannot run as root, and no other user of this machine can reach both ${program} and ${home}. ` +
      'Run Tidings as an ordinary user, or move TIDINGS_DATA to a folder every user may enter, or set DATABASE_URL.',
  ]);
}

/** Runs a program to its end with an environment free of PG* variables. Rejects only if it cannot be started. */
export function runAs(account: Account | null, program: string, args: readonly string[]): Promise<Finished> {
  const viaSetpriv = account !== null && account.capability !== null;
  const child = spawn(
    viaSetpriv ? 'setpriv' : program,
    viaSetpriv ? [...setprivArguments(account), program, ...args] : args,
    {
      env: PLAIN_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(account !== null && !viaSetpriv ? { uid: account.uid, gid: account.gid } : {}),
    },
  );
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output: output.trim() });
    });
  });
}

/** Without the securebit, access(2), by which initdb looks for its programs, would ignore the capability. */
function setprivArguments({ uid, gid, capability }: Account): string[] {
  const user = [`--reuid=${String(uid)}`, `--regid=${String(gid)}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  return [...user, `--inh-caps=+${String(capability)}`, `--ambient-caps=+${String(capability)}`, '--'];
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

async function ownerOf(path: string): Promise<Ids | null> {
  const stats = await stat(path).catch(() => null);
  return stats && stats.uid !== 0 ? { uid: stats.uid, gid: stats.gid } : null;
}

async function firstUser(): Promise<Ids | null> {
  for (const name of CANDIDATES) {
    const [uid, gid] = await Promise.all([idOf(name, '-u'), idOf(name, '-g')]);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  return null;
}

async function idOf(name: string, flag: '-u' | '-g'): Promise<number | null> {
  const { stdout } = await promisify(execFile)('id', [flag, name]).catch(() => ({ stdout: '' }));
  return /^\d+\n$/.test(stdout) ? Number(stdout) : null;
}

/** Whether permission bits let this user search every folder up to the root. */
async function canPass(folder: string, { uid, gid }: Ids): Promise<boolean> {
  const stats = await stat(folder);
  const bit = stats.uid === uid ? 0o100 : stats.gid === gid ? 0o010 : 0o001;
  if ((stats.mode & bit) === 0) return false;
  return dirname(folder) === folder || canPass(dirname(folder), { uid, gid });
}
