import type { Pool } from 'pg';
import type { FeedStore } from '../feeds/feed-store.js';
import { saveRecords, type StoredRecord } from './save-record.js';

interface Waiting extends StoredRecord {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One statement stays short. */
const MOST = 200;

/** Group commit: while one save is under way the next ones gather, and go together. A lone one does not wait. */
export function createOutcomeSaver(pool: Pool): FeedStore['saveOutcome'] {
  const waiting: Waiting[] = [];
  let saving = false;

  const saveAll = async (): Promise<void> => {
    saving = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, MOST);
      await saveRecords(pool, group).then(
        () => {
          for (const { resolve } of group) resolve();
        },
        (error: unknown) => {
          for (const { reject } of group) reject(error);
        },
      );
    }
    saving = false;
  };

  return (feed, record, now) =>
    new Promise((resolve, reject) => {
      waiting.push({ feed, record, now, resolve, reject });
      if (!saving) void saveAll();
    });
}
