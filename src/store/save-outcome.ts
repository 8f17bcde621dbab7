import type { Pool } from 'pg';
import type { FeedStore } from '../feeds/feed-store.js';
import { createGroups } from './groups.js';
import { saveRecords, type StoredRecord } from './save-record.js';

/** Polls that end close together are saved in one statement. */
export function createOutcomeSaver(pool: Pool): FeedStore['saveOutcome'] {
  const save = createGroups(async (records: readonly StoredRecord[]) => {
    await saveRecords(pool, records);
    return records;
  });
  return async (feed, record, now) => {
    await save({ feed, record, now });
  };
}
