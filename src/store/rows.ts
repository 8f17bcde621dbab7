import { createHash } from 'node:crypto';
import type { Pool, PoolClient, QueryResultRow } from 'pg';

/** Anything that runs a query: the pool, or one session of it inside a transaction. */
export type Db = Pick<Pool | PoolClient, 'query'>;

export async function rows<Row extends QueryResultRow>(
  db: Db,
  sql: string,
  values: readonly unknown[],
): Promise<Row[]> {
  return (await db.query<Row>({ name: nameOf(sql), text: sql, values: [...values] })).rows;
}

const names = new Map<string, string>();

/** Named statements are planned once for each connection. */
function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known) return known;
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 16);
  names.set(sql, name);
  return name;
}

export async function row<Row extends QueryResultRow>(
  db: Db,
  sql: string,
  values: readonly unknown[],
): Promise<Row | null> {
  return (await rows<Row>(db, sql, values))[0] ?? null;
}

/** Runs `work` in one transaction on one session: all of it is stored, or nothing. */
export async function transaction<T>(pool: Pool, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    broken = false;
    return result;
  } finally {
    // A session whose transaction did not end well is closed: that rolls back, also when the server is gone.
    client.release(broken);
  }
}

/** A stored address; null for none. */
export function urlOrNull(text: string | null): URL | null {
  return text === null ? null : new URL(text);
}
