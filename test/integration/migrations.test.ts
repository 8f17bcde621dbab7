import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../src/errors.js';
import { migrate } from '../../src/store/migrate.js';
import { openEmptyDatabase, openTestDatabase, silentLog, type TestDatabase } from '../support/database.js';
import { runFolder } from '../support/test-run.js';

let db: TestDatabase;
let folder: string;

beforeEach(async () => {
  db = await openEmptyDatabase();
  folder = await mkdtemp(join(runFolder(), 'migrations-'));
});

afterEach(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

async function add(name: string, sql: string): Promise<void> {
  await writeFile(join(folder, `${name}.sql`), sql);
}

async function tables(): Promise<string[]> {
  const { rows } = await db.pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'pgmigrations' order by 1`,
  );
  return rows.map(({ name }) => name);
}

test('files run in order, and only those that have not run yet', async () => {
  await add('0002_second', 'alter table a add column two text;');
  await add('0001_first', '-- Begins.\ncreate table a (one text);');
  await migrate(db.url, silentLog, folder);
  await migrate(db.url, silentLog, folder);
  await add('0003_third', 'create table b ();');
  await migrate(db.url, silentLog, folder);
  expect(await tables()).toEqual(['a', 'b']);
});

test('a file that fails undoes all that ran with it, and its error names the fault', async () => {
  await add('0001_first', 'create table a ();');
  await add('0002_second', 'create table b (nonsense);');
  await expect(migrate(db.url, silentLog, folder)).rejects.toMatchObject({ code: '42601' });
  expect(await tables()).toEqual([]);

  await add('0002_second', 'create table b ();');
  await migrate(db.url, silentLog, folder);
  expect(await tables()).toEqual(['a', 'b']);
});

test('several processes at once take turns', async () => {
  await add('0001_first', 'create table a (); select pg_sleep(0.1);');
  await Promise.all([1, 2, 3].map(() => migrate(db.url, silentLog, folder)));
  expect(await tables()).toEqual(['a']);
});

test('a database of a newer version is refused in one line and not touched', async () => {
  await add('0001_first', 'create table a ();');
  await add('0002_newer', 'create table b ();');
  await migrate(db.url, silentLog, folder);
  await rm(join(folder, '0002_newer.sql'));
  await add('0003_other', 'create table c ();');
  await expect(migrate(db.url, silentLog, folder)).rejects.toThrow(ConfigError);
  await expect(migrate(db.url, silentLog, folder)).rejects.toThrow(/newer, version of Tidings \(it knows 0002_newer\)/);
  expect(await tables()).toEqual(['a', 'b']);
});

test('the shipped schema is what test databases are copied from', async () => {
  await migrate(db.url, silentLog);
  const copy = await openTestDatabase();
  const { rows } = await copy.pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'pgmigrations' order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(await tables());
  await copy.drop();
});
