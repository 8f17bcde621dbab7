import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ConfigError } from '../../src/errors.js';
import { openDatabase, type Database } from '../../src/store/database.js';
import { openEmptyDatabase, silentLog, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
let servers: Server[] = [];

beforeAll(async () => {
  db = await openEmptyDatabase();
});

afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

afterAll(async () => {
  await db.drop();
});

function open(databaseUrl: string): Promise<Database> {
  return openDatabase({ databaseUrl, dataDir: '/nonexistent', log: silentLog });
}

async function problemOf(databaseUrl: string): Promise<string> {
  const error: unknown = await open(databaseUrl).then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof ConfigError ? error.problems.join('\n') : `no ConfigError: ${String(error)}`;
}

function changed(change: (url: URL) => void): string {
  const url = new URL(db.url);
  change(url);
  return url.href;
}

/** Speaks just enough of the wire protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */
async function fakeServer(answer: (socket: Socket, starting: boolean) => void): Promise<string> {
  const server = createServer((socket) => {
    let starting = true;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (!starting && bytes[0] !== 'Q'.charCodeAt(0)) return;
      answer(socket, starting);
      starting = false;
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `postgresql://u:secret@127.0.0.1:${String((server.address() as AddressInfo).port)}/db`;
}

function packet(type: string, ...parts: readonly (string | readonly number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const WELCOME = Buffer.concat([packet('R', [0, 0, 0, 0]), packet('Z', 'I')]);
const ONE_TEXT_COLUMN = packet(
  'T',
  [0, 1],
  'version\0',
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0],
);

function oneRow(value: string): Buffer {
  const row = packet('D', [0, 1, 0, 0, 0, value.length], value);
  return Buffer.concat([ONE_TEXT_COLUMN, row, packet('C', 'SELECT 1\0'), packet('Z', 'I')]);
}

describe('a server of the operator’s own', () => {
  test('is used, migrated, and left running', async () => {
    const database = await open(db.url);
    const { rows } = await database.pool.query<{ migrations: number }>(
      'select count(*)::int as migrations from pgmigrations',
    );
    expect(rows[0]?.migrations).toBeGreaterThan(0);
    await database.stop();
    expect((await db.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('is migrated once by two processes that start together', async () => {
    const fresh = await openEmptyDatabase();
    const both = await Promise.all([open(fresh.url), open(fresh.url)]);
    await Promise.all(both.map((database) => database.stop()));
    const { rows } = await fresh.pool.query<{ times: number }>(
      'select count(*)::int as times from pgmigrations group by name',
    );
    expect(new Set(rows.map(({ times }) => times))).toEqual(new Set([1]));
    await fresh.drop();
  });
});

describe('a DATABASE_URL that cannot be used is told in one line that says what to do', () => {
  test('not a URL of PostgreSQL', async () => {
    for (const url of ['postgres', 'mysql://u:secret@localhost/db', 'postgres://u:a/b#c@host:x/db']) {
      expect(await problemOf(url)).toMatch(
        /^DATABASE_URL is not a PostgreSQL URL: write postgres:\/\/user:password@host/,
      );
    }
  });

  test('nothing listens', async () => {
    const url = await fakeServer(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await problemOf(url)).toMatch(/^DATABASE_URL: .*ECONNREFUSED.*: nothing listens there: start the server/);
  });

  test('no such host', async () => {
    expect(await problemOf('postgres://u:secret@no-such-host.invalid/db')).toMatch(
      /correct the host name|check the network/,
    );
  });

  test('wrong password, which is not shown', async () => {
    const problem = await problemOf(changed((url) => (url.password = 'open-sesame')));
    expect(problem).toContain('wrong user or password');
    expect(problem).not.toContain('open-sesame');
  });

  test('no such database', async () => {
    expect(await problemOf(changed((url) => (url.pathname = '/nowhere')))).toMatch(
      /no such database: create it with "createdb"/,
    );
  });

  test('a server older than 14', async () => {
    const url = await fakeServer((socket, starting) => {
      socket.write(starting ? WELCOME : oneRow('130018'));
    });
    expect(await problemOf(url)).toMatch(/is PostgreSQL 13; Tidings needs 14 or newer: upgrade it/);
  });

  test('a server that closes the connection', async () => {
    const url = await fakeServer((socket) => socket.destroy());
    expect(await problemOf(url)).toMatch(/^DATABASE_URL: cannot use 127\.0\.0\.1:\d+\/db .*: check/);
  });

  test('a user that may not create tables', async () => {
    const name = `reader_of_${new URL(db.url).pathname.slice(1)}`;
    await db.pool.query(`create database ${name}`);
    await db.pool.query(`create role ${name} login password 'secret'`);
    const url = changed((target) => {
      target.username = name;
      target.password = 'secret';
      target.pathname = `/${name}`;
    });
    expect(await problemOf(url)).toMatch(/may not create tables in the schema "public": make it the owner/);
    await db.pool.query(`drop database ${name}`);
    await db.pool.query(`drop role ${name}`);
  });

  test('a server that is starting up is waited for', async () => {
    let refusals = 0;
    const url = await fakeServer((socket, starting) => {
      refusals += 1;
      if (refusals <= 2) socket.end(packet('E', 'SFATAL\0C57P03\0Mthe database system is starting up\0', [0]));
      else socket.write(starting ? WELCOME : oneRow('130018'));
    });
    expect(await problemOf(url)).toMatch(/is PostgreSQL 13/);
  });
});
