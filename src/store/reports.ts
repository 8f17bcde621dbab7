import type { Pool } from 'pg';
import type { DeliveryState } from '../deliveries/verdict.js';
import type { StatusStore, StoredCounts } from '../deliveries/status.js';
import { row } from './rows.js';

export function createStatusStore(pool: Pool): StatusStore {
  return {
    counts: async () => {
      const stored = await row<StoredCounts>(pool, COUNTS, []);
      if (!stored) throw new Error('counting returned no row');
      return stored;
    },
  };
}

const STATES: readonly DeliveryState['kind'][] = [
  'held',
  'pending',
  'sending',
  'unknown',
  'sent',
  'abandoned',
  'digested',
];
const COUNTS = /* sql */ `
  select (select count(*)::int from feeds) as feeds, (select count(*)::int from posts) as posts,
         (select jsonb_build_object(${STATES.map((state) => `'${state}', count(*) filter (where state = '${state}')`).join(', ')})
            from deliveries) as deliveries`;
