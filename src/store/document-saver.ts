import type { Pool } from 'pg';
import type { FeedStore, SavedPoll } from '../feeds/feed-store.js';
import type { ReadEntry } from '../feeds/reading/feed-document.js';
import type { FeedId } from '../ids.js';
import { keyedEntry, type KeyedEntry } from '../posts/entry-keys.js';
import { fingerprintOf } from '../posts/fingerprint.js';
import { createPause } from '../turns.js';
import { createGroups } from './groups.js';
import { saveDocuments, type Poll } from './save-documents.js';

/** Documents of one transaction: their feeds and articles are taken for its length, so they stay few. */
const MOST = 12;
/** While one waits for the disk another one can be made. */
const AT_ONCE = 3;
/** More news in a document would keep others waiting. */
const LITTLE_NEWS = 10;

/** Documents with little news that end close together are saved in one transaction. */
export function createDocumentSaver(pool: Pool): FeedStore['saveDocument'] {
  const grouped = new Set<FeedId>();
  const saveAll = (polls: readonly Poll[]): Promise<SavedPoll[]> => saveDocuments(pool, polls);
  const saveGrouped = createGroups(saveAll, { most: MOST, atOnce: AT_ONCE });
  const saveAlone = (poll: Poll): Promise<SavedPoll> => createGroups(saveAll)(poll);
  return async (feed, document, recordOf, now) => {
    const poll = { feed, document, news: await keyedInTurns(document.entries), recordOf, now };
    // Two documents of a feed, of which one was pushed, must find each other's entries.
    if (poll.news.size > LITTLE_NEWS || grouped.has(feed.id)) return saveAlone(poll);
    grouped.add(feed.id);
    try {
      return await saveGrouped(poll);
    } finally {
      grouped.delete(feed.id);
    }
  };
}

/** By digest: two that are written alike are one. A thousand long entries take long, so others get their turn in between. */
async function keyedInTurns(entries: readonly ReadEntry[]): Promise<ReadonlyMap<string, KeyedEntry>> {
  const keyed = new Map<string, KeyedEntry>();
  const pause = createPause();
  for (const { digest, entry } of entries) {
    if (!entry || keyed.has(digest)) continue;
    await pause();
    keyed.set(digest, keyedEntry(entry));
    await pause();
    // It is kept with the entry until it is stored.
    fingerprintOf(entry);
  }
  return keyed;
}
