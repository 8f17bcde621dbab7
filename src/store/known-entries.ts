import type { FeedId, PostId, SightingId } from '../ids.js';
import type { Shown } from '../posts/decision.js';
import type { EntryKeys, KeyedEntry } from '../posts/entry-keys.js';
import type { KnownEntry } from '../posts/identity/known-entry.js';
import { COMPARED_LENGTH } from '../posts/same/features.js';
import { rows, urlOrNull, type Db } from './rows.js';

/** What a stored entry is found again by. */
export interface KnownRef extends Shown {
  readonly id: SightingId;
  readonly postId: PostId;
  readonly contentHash: string;
}

interface KnownRow {
  feed_id: FeedId;
  id: SightingId;
  post_id: PostId;
  title: string;
  published_at: Date | null;
  content_hash: Buffer;
  link: string | null;
  fingerprint: Buffer | null;
  text: string;
  keys: Buffer[];
}

/** A stored entry, of which nobody has yet said whether the document shows it unchanged. */
export type FoundEntry = Omit<KnownEntry<KnownRef>, 'shown'>;

/** What of a feed was read. */
export interface FeedEntries {
  readonly feedId: FeedId;
  readonly entries: readonly KeyedEntry[];
}

/** By feed, the stored entries that share any key with these, each with all its keys. */
export async function knownEntries(db: Db, read: readonly FeedEntries[]): Promise<ReadonlyMap<FeedId, FoundEntry[]>> {
  const keys = read.flatMap(({ feedId, entries }) =>
    entries.flatMap((one) => feedKeys(one.keys).map((key) => ({ feedId, key }))),
  );
  if (keys.length === 0) return new Map();
  const names = read.flatMap(({ entries }) => entries.flatMap(({ keys: { guid, title } }) => [guid, title]));
  const found = await rows<KnownRow>(db, KNOWN, [
    ...[keys.map(({ feedId }) => feedId), keys.map(({ key }) => key)],
    names.filter((key) => key !== null),
  ]);
  return new Map(read.map(({ feedId }) => [feedId, found.filter((one) => one.feed_id === feedId).map(foundOf)]));
}

function foundOf(stored: KnownRow): FoundEntry {
  const { keys, title, link, published_at: publishedAt, text } = stored;
  return {
    ref: refOf(stored),
    keys: new Set(keys.map((key) => key.toString('hex'))),
    ...{ title, link: urlOrNull(link), publishedAt, text },
  };
}

function refOf({ id, post_id: postId, content_hash: contentHash, title, link, fingerprint }: KnownRow): KnownRef {
  return { id, postId, contentHash: contentHash.toString('hex'), title, link, fingerprint };
}

/** The text is looked at of those with a guid or title that the document has. */
const KNOWN = /* sql */ `
  select s.id, s.feed_id, s.post_id, s.title, s.link, s.published_at, s.content_hash, s.fingerprint, k.keys,
         case when k.keys && $3::bytea[] then (select left(body, ${String(COMPARED_LENGTH)}) from posts where id = s.post_id)
              else '' end as text
    from sightings s, lateral (select array_agg(key) as keys from entry_keys where sighting_id = s.id) as k
   -- An array tells the planner that they are few, also before it knows anything of the tables.
   where s.id = any (array(
           select e.sighting_id from unnest($1::uuid[], $2::bytea[]) as q (feed_id, key) cross join lateral (
             select sighting_id from entry_keys where feed_id = q.feed_id and key = q.key offset 0) as e))
   order by s.seq`;

/** Keys by which a feed's entry is known again. */
export function feedKeys(keys: EntryKeys): Buffer[] {
  const { guid, link, title, titleDate, content, path, textDate } = keys;
  return [guid, link, title, titleDate, content, path, textDate].filter((key) => key !== null);
}
