import type { Pool } from 'pg';
import type { Feed } from '../feeds/feed.js';
import type { Brought, PollRecord, ReadDocument, SavedPoll } from '../feeds/feed-store.js';
import type { SightingId } from '../ids.js';
import type { KeyedEntry } from '../posts/entry-keys.js';
import { identityModeOf } from '../posts/identity/mode.js';
import { settling, type Fresh } from '../posts/identity/settle-entries.js';
import { inTurns } from '../turns.js';
import { addSightings, arrivingOf, type AddedSighting } from './add-sightings.js';
import { comingOf, type Coming } from './arrival.js';
import {
  NO_WINDOW,
  openWindows,
  saveWindows,
  type OpenedWindow,
  type ShownWindow,
  type StoredWindow,
} from './feed-window.js';
import { knownEntries, type FoundEntry } from './known-entries.js';
import { refreshEntries, type Known } from './refresh-entries.js';
import { rewrittenOf, tellAgain } from './reposts.js';
import { transaction, type Db } from './rows.js';
import { saveDecisions } from './save-decisions.js';
import { saveFeeds, type ReadFeed } from './save-feeds.js';

export interface Poll {
  readonly feed: Feed;
  readonly document: ReadDocument;
  /** By digest, what of it was read; two that are written alike are one. */
  readonly news: ReadonlyMap<string, KeyedEntry>;
  readonly recordOf: ((brought: Brought) => PollRecord) | null;
  readonly now: Date;
}

/**
 * What is new in documents, each of another feed, and the validators that would hide it next time, in one transaction:
 * a statement for many of them costs little more than for one.
 */
export async function saveDocuments(pool: Pool, polls: readonly Poll[]): Promise<SavedPoll[]> {
  const now = new Date(Math.max(...polls.map((poll) => poll.now.getTime())));
  return transaction(pool, async (db, leave) => {
    // A poller that was slower than its lease waits here and then finds the entries known.
    const compared = await Promise.all((await openFeeds(db, polls)).map((opened) => compare(db, opened)));
    const known = compared.flatMap((one) => one.known);
    const rewritten = compared.flatMap((one) => one.rewritten);
    const arriving = compared.map(({ feed, fresh, coming }) => arrivingOf(feed, fresh, coming));

    const changed = await refreshEntries(db, known);
    const added = await addSightings({ db, leave }, arriving);
    await saveDecisions(db, changed, added, now);
    await tellAgain(db, rewritten, now);

    const stored = compared.map((one) => ({ ...one, added: added.filter(({ feed }) => feed === one.feed) }));
    leave(saveWindows(db, stored.map(shownWindowOf)));
    await saveFeeds({ db, leave }, stored.map(readOf));
    return stored.map(savedPollOf);
  });
}

interface Opened extends Poll, OpenedWindow {
  readonly found: readonly FoundEntry[];
}

/** All that is known of the feeds, asked for at once: what was read is known in another way only if keys were made anew. */
async function openFeeds(db: Db, polls: readonly Poll[]): Promise<Opened[]> {
  const ids = polls.map(({ feed }) => feed.id);
  const read = polls.map(({ feed, news }) => ({ feedId: feed.id, entries: [...news.values()] }));
  const [windows, found] = await Promise.all([openWindows(db, ids), knownEntries(db, read)]);
  const rekeyed = [...windows.values()].some((one) => one.rekeyed);
  const known = rekeyed ? await knownEntries(db, read) : found;
  return polls.map((poll) => {
    const { id } = poll.feed;
    return { ...poll, ...(windows.get(id) ?? NO_WINDOW), found: known.get(id) ?? [] };
  });
}

/** A document beside what is stored of its feed. */
interface Compared extends Opened {
  /** Entries that stand in the document as they stood in the last one. */
  readonly shown: StoredWindow;
  /** The others, by digest. */
  readonly read: ReadonlyMap<string, KeyedEntry>;
  readonly known: readonly Known[];
  readonly fresh: readonly Fresh[];
  readonly coming: Coming;
  /** To be told again. */
  readonly rewritten: readonly SightingId[];
}

async function compare(db: Db, opened: Opened): Promise<Compared> {
  const { feed, document, news, window, newCounts, found, now } = opened;
  const ids = document.entries.map(({ digest }) => [digest, window.get(digest)] as const);
  const shown = new Map(ids.flatMap(([digest, id]) => (id ? [[digest, id]] : [])));
  const read = new Map([...news].filter(([digest]) => !window.has(digest)));
  const standing = new Set(shown.values());
  const stored = found.map((one) => ({ ...one, shown: standing.has(one.ref.id) }));
  const settled = await inTurns(settling([...read.values()], stored, shown.size));
  const known = settled.flatMap((one) => (one.kind === 'known' ? [{ ...one, feed }] : []));
  const fresh = settled.filter((one) => one.kind === 'new');
  const grew = !document.partial && shown.size + read.size > window.size;
  const coming = await comingOf(db, feed, fresh, { window, newCounts, grew, now });
  const rewritten = await rewrittenOf(db, feed, known, now);
  return { ...opened, shown, read, known, fresh, coming, rewritten };
}

interface Stored extends Compared {
  readonly added: readonly AddedSighting[];
}

/** The window of this document. A second copy of a new entry is left out: next time it is known by its keys. */
function shownWindowOf({ feed, document, window, shown, read, known, added }: Stored): ShownWindow {
  const ids = new Map([
    ...known.map(({ entry, ref }) => [entry, ref.id] as const),
    ...added.map(({ entry, id }) => [entry, id] as const),
  ]);
  const pairs = document.entries.flatMap(({ digest }) => {
    const entry = read.get(digest);
    const id = shown.get(digest) ?? (entry && ids.get(entry.entry));
    return id ? [[digest, id] as const] : [];
  });
  return { feedId: feed.id, shown: new Map(pairs), previous: document.partial ? window : null };
}

function readOf(stored: Stored): ReadFeed {
  const { feed, document, recordOf, now, read, shown, known, fresh, coming } = stored;
  const brought = { newSightings: fresh.length, edited: known.length, known: known.length + shown.size };
  const announced = coming.fate === 'announced' ? fresh.length : 0;
  const identityMode = 2 * read.size > document.entries.length ? identityModeOf([...read.values()]) : null;
  const told = { ...brought, gap: isGap(stored) };
  return { feed, document, record: recordOf?.(told) ?? null, news: fresh.length, announced, identityMode, now };
}

/** Nothing here was in the last document, nor anywhere before it. */
function isGap({ document, window, known, shown }: Compared): boolean {
  return !document.partial && document.entries.length > 0 && window.size > 0 && known.length + shown.size === 0;
}

function savedPollOf(stored: Stored): SavedPoll {
  const { document, known, coming, added } = stored;
  const newPosts = added.filter(({ isNewPost }) => isNewPost).length;
  const rebuilt = known.filter(({ renamed }) => renamed).length;
  return {
    sightings: coming.fate === 'announced' ? added.map(({ id }) => id) : [],
    entries: document.entries.length,
    newPosts,
    withheld: { rebuilt, elsewhere: added.length - newPosts },
    gap: isGap(stored),
  };
}
