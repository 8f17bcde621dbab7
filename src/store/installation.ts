import type { Pool } from 'pg';
import { row } from './rows.js';

/** Names this installation; the same for every process on this database, and for as long as it lives. */
export async function installationId(pool: Pool): Promise<string> {
  const stored = await row<{ id: string }>(pool, 'select id from installation', []);
  if (!stored) throw new Error('the database names no installation');
  return stored.id;
}
