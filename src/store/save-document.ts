import type { FeedId } from '../ids.js';
import type { Pool } from 'pg';
import type { Feed } from '../feeds/feed.js';
import type { ReadEntry } from '../feeds/reading/feed-document.js';
import type { Brought, PollRecord, ReadDocument, SavedPoll } from '../feeds/feed-store.js';
import { originOf } from '../feeds/schedule/origin.js';
import { keyedEntry, type KeyedEntry } from '../posts/entry-keys.js';
import { fingerprintOf } from '../posts/fingerprint.js';
import { identityModeOf } from '../posts/identity/mode.js';
import { settling, type Settled } from '../posts/identity/settle-entries.js';
import { createPause, inTurns } from '../turns.js';
import { addSightings, oldestFirst, type AddedSighting } from './add-sightings.js';
import { comingOf } from './arrival.js';
import { openWindow, saveWindow, type OpenedWindow, type StoredWindow } from './feed-window.js';
import { knownEntries, type FoundEntry, type KnownRef } from './known-entries.js';
import { refreshEntries } from './refresh-entries.js';
import { rewrittenOf, tellAgain } from './reposts.js';
import { rows, transaction, type Db, type Session } from './rows.js';
import { saveDecisions } from './save-decisions.js';
import { saveRecords, withCount, type StoredRecord } from './save-record.js';

export interface Poll {
  readonly feed: Feed;
  readonly document: ReadDocument;
  readonly recordOf: ((brought: Brought) => PollRecord) | null;
  readonly now: Date;
}

/** What is new in the document, and the validators that would hide it next time, in one transaction. */
export async function saveDocument(pool: Pool, poll: Poll): Promise<SavedPoll> {
  const { feed, document, now } = poll;
  const news = await keyedInTurns(document.entries);
  return transaction(pool, async (db, leave) => {
    // A poller that was slower than its lease waits here and then finds the entries known.
    const { window, newCounts, known: found } = await openFeed(db, feed.id, [...news.values()]);
    const { shown, read } = comparedTo(window, document.entries, news);
    const entries = [...read.values()];
    const standing = new Set(shown.values());
    const stored = found.map((one) => ({ ...one, shown: standing.has(one.ref.id) }));
    const settled = await inTurns(settling(entries, stored, shown.size));
    const known = settled.filter((one) => one.kind === 'known');
    const fresh = settled.filter((one) => one.kind === 'new');
    const grew = !document.partial && shown.size + read.size > window.size;
    const coming = await comingOf(db, feed, fresh, { window, newCounts, grew, now });
    const rewritten = await rewrittenOf(db, feed, known, now);
    const changed = await refreshEntries(db, feed.id, known);
    const added = await addSightings({ db, leave }, feed, oldestFirst(fresh), coming);
    await saveDecisions(db, changed, added, now);
    await tellAgain(db, rewritten, now);

    leave(saveWindow(db, feed.id, windowOf(poll, { shown, read, settled, added }), document.partial ? window : null));
    const brought = { newSightings: fresh.length, edited: known.length, known: known.length + shown.size };
    const gap = isGap(poll, window, brought.known);
    const announced = coming.fate === 'announced' ? fresh.length : 0;
    const identityMode = 2 * read.size > document.entries.length ? identityModeOf(entries) : null;
    await saveFeed({ db, leave }, poll, { ...brought, gap }, { announced, identityMode });
    return {
      ...countsOf(added, known),
      sightings: coming.fate === 'announced' ? added.map(({ id }) => id) : [],
      entries: document.entries.length,
      gap,
    };
  });
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

interface Opened extends OpenedWindow {
  readonly known: readonly FoundEntry[];
}

/** All that is known of the feed, asked for at once: what was read is known in another way only if its keys were made anew. */
async function openFeed(db: Db, feedId: FeedId, news: readonly KeyedEntry[]): Promise<Opened> {
  const [opened, known] = await Promise.all([openWindow(db, feedId), knownEntries(db, feedId, news)]);
  return { ...opened, known: opened.rekeyed ? await knownEntries(db, feedId, news) : known };
}

interface Compared {
  /** Entries that stand in the document as they stood in the last one. */
  readonly shown: StoredWindow;
  /** The others, by digest. */
  readonly read: ReadonlyMap<string, KeyedEntry>;
}

function comparedTo(
  window: StoredWindow,
  entries: readonly ReadEntry[],
  news: ReadonlyMap<string, KeyedEntry>,
): Compared {
  const ids = entries.map(({ digest }) => [digest, window.get(digest)] as const);
  const shown = new Map(ids.flatMap(([digest, id]) => (id ? [[digest, id]] : [])));
  const read = new Map([...news].filter(([digest]) => !window.has(digest)));
  return { shown, read };
}

interface Stored extends Compared {
  readonly settled: readonly Settled<KnownRef>[];
  readonly added: readonly AddedSighting[];
}

/** The window of this document. A second copy of a new entry is left out: next time it is known by its keys. */
function windowOf({ document }: Poll, { shown, read, settled, added }: Stored): StoredWindow {
  const known = settled.flatMap((one) => (one.kind === 'known' ? [[one.entry, one.ref.id] as const] : []));
  const ids = new Map([...known, ...added.map(({ entry, id }) => [entry, id] as const)]);
  return new Map(
    document.entries.flatMap(({ digest }) => {
      const entry = read.get(digest);
      const id = shown.get(digest) ?? (entry && ids.get(entry.entry));
      return id ? [[digest, id] as const] : [];
    }),
  );
}

/** Nothing here was in the last document, nor anywhere before it. */
function isGap({ document }: Poll, window: StoredWindow, known: number): boolean {
  return !document.partial && document.entries.length > 0 && window.size > 0 && known === 0;
}

function countsOf(
  added: readonly AddedSighting[],
  known: readonly Extract<Settled<KnownRef>, { kind: 'known' }>[],
): Pick<SavedPoll, 'newPosts' | 'withheld'> {
  const newPosts = added.filter(({ isNewPost }) => isNewPost).length;
  const rebuilt = known.filter(({ renamed }) => renamed).length;
  return { newPosts, withheld: { rebuilt, elsewhere: added.length - newPosts } };
}

type Told = Pick<NonNullable<StoredRecord['read']>, 'announced' | 'identityMode'>;

async function saveFeed(session: Session, poll: Poll, brought: Brought, told: Told): Promise<void> {
  const { db, leave } = session;
  const { feed, document, recordOf, now } = poll;
  if (!recordOf) {
    if (brought.newSightings > 0) leave(rows(db, SAVE_NEWS, [feed.id, now, told.announced]));
    return;
  }
  const record = recordOf(brought);
  leave(saveRecords(db, [{ feed, record, now, read: { ...document, ...told } }]));
  if (record.adopt) await adopt(db, feed, record.adopt);
}

/** The publisher's new address for the feed, unless that is followed already. Validators belong to the old one. */
async function adopt(db: Db, feed: Feed, url: URL): Promise<void> {
  const { origin, domain } = originOf(url);
  await rows(db, 'insert into origins (origin, domain) values ($1, $2) on conflict do nothing', [origin, domain]);
  await rows(db, ADOPT, [feed.id, url.href, origin]);
}

const ADOPT = /* sql */ `
  update feeds set url = $2, origin = $3, etag = null, last_modified = null, move_to = null, move_polls = 0,
         move_since = null
   where id = $1 and not exists (select from feeds where url = $2)`;

/** A push changes nothing of the schedule but what is known of the feed's habits. */
const SAVE_NEWS = /* sql */ `
  update feeds
     set new_at = (new_at || $2::timestamptz)[greatest(cardinality(new_at) - 19, 1):],
         new_counts = ${withCount('$3::integer')}
   where id = $1`;
