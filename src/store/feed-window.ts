import type { FeedId, SightingId } from '../ids.js';
import { KEYS_VERSION } from '../posts/entry-keys.js';
import { rekey } from './rekey.js';
import { rows, row, type Db } from './rows.js';

/** The entries of the last document: digest → sighting, in document order. */
export type StoredWindow = ReadonlyMap<string, SightingId>;

/** Twice the entries that a document may hold: a feed that is pushed in pieces adds to its window. */
const MOST = 2_000;

interface OpenedRow {
  new_counts: number[];
  digests: string[] | null;
  sightings: SightingId[] | null;
  keys_version: number;
}

export interface OpenedWindow {
  readonly window: StoredWindow;
  /** How many new entries the feed's last polls brought that brought any. */
  readonly newCounts: readonly number[];
  /** The keys of what is stored were made just now. */
  readonly rekeyed: boolean;
}

/**
 * Takes the feed for the length of the transaction, and sees to it that its entries are known by the keys of this
 * release. A window that is a moment too old only costs reading again.
 */
export async function openWindow(db: Db, feedId: FeedId): Promise<OpenedWindow> {
  const stored = await row<OpenedRow>(db, OPEN, [feedId]);
  const rekeyed = stored !== null && stored.keys_version !== KEYS_VERSION;
  if (rekeyed) await rekey(db, feedId);
  const sightings = stored?.sightings ?? [];
  const window = new Map((stored?.digests ?? []).flatMap((digest, index) => pairOf(digest, sightings[index])));
  return { window, newCounts: stored?.new_counts ?? [], rekeyed };
}

function pairOf(digest: string, id: SightingId | undefined): [string, SightingId][] {
  return id ? [[digest, id]] : [];
}

const OPEN = /* sql */ `
  select w.digests, w.sightings::text[] as sightings, f.keys_version, f.new_counts
    from feeds f left join feed_windows w on w.feed_id = f.id
   where f.id = $1 for update of f`;

/** `previous` is kept behind what is shown now when the document was not the whole window; else null. */
export async function saveWindow(
  db: Db,
  feedId: FeedId,
  shown: StoredWindow,
  previous: StoredWindow | null,
): Promise<void> {
  const pairs = [...new Map([...shown, ...(previous ?? [])].slice(0, MOST))];
  await rows(db, SAVE, [feedId, pairs.map(([digest]) => digest), pairs.map(([, id]) => id)]);
}

const SAVE = /* sql */ `
  insert into feed_windows (feed_id, digests, sightings) values ($1, $2, $3)
  on conflict (feed_id) do update set digests = excluded.digests, sightings = excluded.sightings`;
