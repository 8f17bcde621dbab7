import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import type { Pool } from 'pg';
import type { Logger } from '../../src/log.js';
import { withClient } from '../../src/store/client.js';
import { createPool } from '../../src/store/database.js';
import { openEmbedded } from '../../src/store/embedded.js';
import { migrate } from '../../src/store/migrate.js';
import { runFolder, templateName } from './test-run.js';

export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
  /** Closes the pool and removes the database. */
  readonly drop: () => Promise<void>;
}

export const silentLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Data that is thrown away need not survive a power cut, and flushing is most of what a small test waits for. */
const FAST_SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];
const TEMPLATE_LOCK = 4_217_001;

/** A database of its own with today's schema, in the server that all tests of this run share: about 20 ms. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = await testServerUrl();
  return openClone(server, await ensureTemplate(server));
}

/** The same without any schema, for tests of the schema itself. */
export async function openEmptyDatabase(): Promise<TestDatabase> {
  return openClone(await testServerUrl(), 'template0');
}

/** The server of this run: `TEST_DATABASE_URL`, else an embedded one that the first test to ask for it starts. */
async function testServerUrl(): Promise<string> {
  const own = env['TEST_DATABASE_URL'];
  if (own) return own;
  const dataDir = join(runFolder(), 'database');
  await mkdir(dataDir, { recursive: true });
  const server = await openEmbedded({ dataDir, log: silentLog, settings: FAST_SETTINGS, durable: false });
  return server.url;
}

async function openClone(server: string, template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withClient(server, (client) => client.query(`create database ${name} template ${template} strategy file_copy`));
  const url = withName(server, name);
  const pool = createPool({ url, applicationName: 'tidings-test' }, silentLog);
  return {
    url,
    pool,
    drop: async () => {
      await pool.end();
      await withClient(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** Made once per run: the schema may have changed since the last one. */
async function ensureTemplate(server: string): Promise<string> {
  const name = templateName();
  await withClient(server, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return;
    const unfinished = `${name}_unfinished`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished} template template0`);
    await migrate(withName(server, unfinished), silentLog);
    await client.query(`alter database ${unfinished} rename to ${name}`);
  });
  return name;
}

function withName(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
