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

/** Stored entries that share any key with these, each with all its keys. */
export async function knownEntries(db: Db, feedId: FeedId, entries: readonly KeyedEntry[]): Promise<FoundEntry[]> {
  if (entries.length === 0) return [];
  const keys = entries.flatMap((one) => feedKeys(one.keys));
  const names = entries.flatMap(({ keys: { guid, title } }) => [guid, title].filter((key) => key !== null));
  const found = await rows<KnownRow>(db, KNOWN, [feedId, keys, names]);
  return found.map((one) => ({
    ref: refOf(one),
    keys: new Set(one.keys.map((key) => key.toString('hex'))),
    title: one.title,
    link: urlOrNull(one.link),
    publishedAt: one.published_at,
    text: one.text,
  }));
}

function refOf({ id, post_id: postId, content_hash: contentHash, title, link, fingerprint }: KnownRow): KnownRef {
  return { id, postId, contentHash: contentHash.toString('hex'), title, link, fingerprint };
}

/** The text is looked at of those with a guid or title that the document has. */
const KNOWN = /* sql */ `
  select s.id, s.post_id, s.title, s.link, s.published_at, s.content_hash, s.fingerprint, k.keys,
         case when k.keys && $3::bytea[] then (select left(body, ${String(COMPARED_LENGTH)}) from posts where id = s.post_id)
              else '' end as text
    from sightings s, lateral (select array_agg(key) as keys from entry_keys where sighting_id = s.id) as k
   -- An array tells the planner that they are few, also before it knows anything of the tables.
   where s.id = any (array(select sighting_id from entry_keys where feed_id = $1 and key = any ($2::bytea[])))
   order by s.seq`;

/** Keys by which a feed's entry is known again. */
export function feedKeys(keys: EntryKeys): Buffer[] {
  const { guid, link, title, titleDate, content, path, textDate } = keys;
  return [guid, link, title, titleDate, content, path, textDate].filter((key) => key !== null);
}
