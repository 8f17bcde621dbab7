import type { FeedId, SightingId } from '../ids.js';
import { KEYS_VERSION } from '../posts/entry-keys.js';
import { rekey } from './rekey.js';
import { rows, type Db } from './rows.js';

/** The entries of the last document: digest → sighting, in document order. */
export type StoredWindow = ReadonlyMap<string, SightingId>;

/** Twice the entries that a document may hold: a feed that is pushed in pieces adds to its window. */
const MOST = 2_000;

/** Digests and ids hold no spaces, and are split here in a fraction of the time that an array takes. */
interface OpenedRow {
  id: FeedId;
  new_counts: number[];
  digests: string | null;
  sightings: string | null;
  keys_version: number;
}

export interface OpenedWindow {
  readonly window: StoredWindow;
  /** How many new entries the feed's last polls brought that brought any. */
  readonly newCounts: readonly number[];
  /** The keys of what is stored were made just now. */
  readonly rekeyed: boolean;
}

/** Of a feed that has shown nothing yet, or that was removed meanwhile. */
export const NO_WINDOW: OpenedWindow = { window: new Map(), newCounts: [], rekeyed: false };

/**
 * Takes the feeds for the length of the transaction, and sees to it that their entries are known by the keys of this
 * release. A window that is a moment too old only costs reading again.
 */
export async function openWindows(db: Db, feedIds: readonly FeedId[]): Promise<ReadonlyMap<FeedId, OpenedWindow>> {
  const opened = new Map<FeedId, OpenedWindow>();
  for (const stored of await rows<OpenedRow>(db, OPEN, [feedIds])) {
    const rekeyed = stored.keys_version !== KEYS_VERSION;
    if (rekeyed) await rekey(db, stored.id);
    opened.set(stored.id, { window: storedWindowOf(stored), newCounts: stored.new_counts, rekeyed });
  }
  return opened;
}

function storedWindowOf({ digests, sightings }: OpenedRow): StoredWindow {
  const ids = listOf(sightings) as SightingId[];
  return new Map(listOf(digests).flatMap((digest, index) => pairOf(digest, ids[index])));
}

function pairOf(digest: string, id: SightingId | undefined): [string, SightingId][] {
  return id ? [[digest, id]] : [];
}

function listOf(text: string | null): string[] {
  return text ? text.split(' ') : [];
}

/** In one order of the feeds, so that two that share some never wait in a ring. */
const OPEN = /* sql */ `
  select f.id, array_to_string(w.digests, ' ') as digests, array_to_string(w.sightings, ' ') as sightings,
         f.keys_version, f.new_counts
    from feeds f left join feed_windows w on w.feed_id = f.id
   where f.id = any ($1::uuid[]) order by f.id for update of f`;

/** The digests alone, of each feed in the order of the ids. Takes nothing. */
export async function windowDigests(db: Db, feedIds: readonly FeedId[]): Promise<ReadonlySet<string>[]> {
  const stored = await rows<{ feed_id: FeedId; digests: string }>(db, DIGESTS, [feedIds]);
  const digests = new Map(stored.map((one) => [one.feed_id, one.digests]));
  return feedIds.map((id) => new Set(listOf(digests.get(id) ?? null)));
}

const DIGESTS = /* sql */ `
  select feed_id, array_to_string(digests, ' ') as digests from feed_windows where feed_id = any ($1::uuid[])`;

export interface ShownWindow {
  readonly feedId: FeedId;
  readonly shown: StoredWindow;
  /** Kept behind what is shown now when the document was not the whole window; else null. */
  readonly previous: StoredWindow | null;
}

export async function saveWindows(db: Db, windows: readonly ShownWindow[]): Promise<void> {
  const kept = windows.map(({ shown, previous }) => [...new Map([...shown, ...(previous ?? [])].slice(0, MOST))]);
  await rows(db, SAVE, [
    windows.map(({ feedId }) => feedId),
    kept.map((pairs) => pairs.map(([digest]) => digest).join(' ')),
    kept.map((pairs) => pairs.map(([, id]) => id).join(' ')),
  ]);
}

const SAVE = /* sql */ `
  insert into feed_windows (feed_id, digests, sightings)
  select feed_id, string_to_array(digests, ' '), string_to_array(sightings, ' ')::uuid[]
    from unnest($1::uuid[], $2::text[], $3::text[]) as w (feed_id, digests, sightings)
  on conflict (feed_id) do update set digests = excluded.digests, sightings = excluded.sightings`;
