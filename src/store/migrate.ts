import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { ConfigError } from '../errors.js';
import type { Logger } from '../log.js';
import { withClient } from './client.js';

/** Lies beside this file, in the sources and in the build alike. */
const MIGRATIONS_FOLDER = join(import.meta.dirname, 'migrations');
const TABLE = 'pgmigrations';

/**
 * Brings the schema up to date: every file of the folder that has not run yet, in order, in one transaction.
 * Several processes may call it at once; an advisory lock lets them take turns.
 */
export async function migrate(url: string, log: Logger, folder: string = MIGRATIONS_FOLDER): Promise<void> {
  await withClient(url, async (client) => {
    const known = await migrationNames(folder);
    const done = await finishedNames(client);
    refuseNewerSchema(done.filter((name) => !known.includes(name)));
    if (known.length === done.length) return;
    await requireCreateRight(client);
    await runMigrations(client, folder, log);
  });
}

async function migrationNames(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files.filter((name) => name.endsWith('.sql')).map((name) => name.slice(0, -'.sql'.length));
}

async function finishedNames(client: Client): Promise<string[]> {
  const { rows: tables } = await client.query<{ known: boolean }>('select to_regclass($1) is not null as known', [
    `public.${TABLE}`,
  ]);
  if (!tables[0]?.known) return [];
  const { rows } = await client.query<{ name: string }>(`select name from public.${TABLE} order by id`);
  return rows.map(({ name }) => name);
}

function refuseNewerSchema(unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  throw new ConfigError([
    `The database was last used by another, probably newer, version of Tidings (it knows ${unknown.join(', ')}): ` +
      'run that version, or restore the backup made before it.',
  ]);
}

async function requireCreateRight(client: Client): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(`select has_schema_privilege('public', 'create') as may`);
  if (rows[0]?.may) return;
  throw new ConfigError([
    'The user of DATABASE_URL may not create tables in the schema "public": make it the owner of the database.',
  ]);
}

async function runMigrations(client: Client, folder: string, log: Logger): Promise<void> {
  // Loaded only when there is something to do: it costs a quarter of a second.
  const { runner } = await import('node-pg-migrate');
  // What matters of a failure is in the error that is thrown.
  const detail = (text: string) => {
    log.debug('database.migrating', { text: text.trim() });
  };
  const run = await runner({
    dbClient: client,
    dir: folder,
    direction: 'up',
    migrationsTable: TABLE,
    schema: 'public',
    singleTransaction: true,
    advisoryLockMode: 'wait',
    logger: { info: detail, warn: detail, error: detail },
  });
  log.info('database.migrated', { migrations: run.map(({ name }) => name).join(' ') });
}
