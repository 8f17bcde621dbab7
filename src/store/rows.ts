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

/** A transaction under way. */
export interface Session {
  readonly db: Db;
  /** Takes writes whose statements are all on their way: they are waited for with the commit. */
  readonly leave: (writes: Promise<unknown>) => void;
}

/**
 * Runs `work` in one transaction on one session: all of it is stored, or nothing. A journey to the server takes as long
 * as a small statement: the first statements travel with the beginning, and what is left with the commit.
 */
export async function transaction<T>(pool: Pool, work: (db: Db, leave: Session['leave']) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const sent: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const leave = (writes: Promise<unknown>): void => {
    // What is wrong is thrown at the end, unless something else is thrown before.
    writes.catch((error: unknown) => failures.push(error));
    sent.push(writes);
  };
  let broken = true;
  try {
    leave(client.query('begin'));
    const result = await work(client, leave);
    // Writes may fail before they send anything, and then the server would know of nothing wrong.
    if (failures.length === 0) leave(client.query('commit'));
    await Promise.all(sent);
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
