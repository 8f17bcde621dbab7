import type { Feed } from '../feeds/feed.js';
import { fingerprintOf } from '../posts/fingerprint.js';
import type { Settled } from '../posts/identity/settle-entries.js';
import { lastingLink } from '../posts/lasting-link.js';
import { newPostOf } from '../posts/new-post.js';
import { toJson } from './json.js';
import { feedKeys, type KnownRef } from './known-entries.js';
import { inParts } from './parts.js';
import { rows, urlOrNull, type Db } from './rows.js';

/** An entry that its feed has shown before, as the feed shows it now. */
export type Known = Extract<Settled<KnownRef>, { kind: 'known' }> & { readonly feed: Feed };

/**
 * Keeps entries of documents that were known as their feeds show them now. Posts follow the feed that brought them
 * first. Returns those that say something else than before; of a copy only the keys are kept.
 */
export async function refreshEntries(db: Db, known: readonly Known[]): Promise<readonly Known[]> {
  const changed = known.map(withLastingLink).filter(hasChanged);
  for (const part of inParts(changed)) await refresh(db, part);
  return changed.filter(({ isCopy }) => !isCopy);
}

function withLastingLink(one: Known): Known {
  const link = lastingLink(one.entry.link, urlOrNull(one.ref.link));
  return link === one.entry.link ? one : { ...one, entry: { ...one.entry, link } };
}

function hasChanged({ stale, isCopy, entry, keys, ref }: Known): boolean {
  if (stale || isCopy) return stale;
  if (keys.content.toString('hex') !== ref.contentHash) return true;
  return ref.fingerprint !== null && !ref.fingerprint.equals(fingerprintOf(entry));
}

async function refresh(db: Db, known: readonly Known[]): Promise<void> {
  const keys = known.flatMap(({ feed, keys: own, ref }) => feedKeys(own).map((key) => ({ feed, key, ref })));
  await rows(db, REFRESH, [
    toJson(known.filter(({ isCopy }) => !isCopy).map(columnsOf)),
    ...[keys.map(({ feed }) => feed.id), keys.map(({ key }) => key), keys.map(({ ref }) => ref.id)],
  ]);
}

function columnsOf({ entry, keys, ref }: Known): object {
  const { guid, link, title, publishedAt, updatedAt, author, text, tags, imageUrl } = entry;
  const post = newPostOf(entry);
  return {
    ...{ id: ref.id, post_id: ref.postId, guid, link, title, published_at: publishedAt, updated_at: updatedAt },
    ...{ content_hash: keys.content.toString('hex'), fingerprint: fingerprintOf(entry).toString('hex') },
    ...{ post_title: post.title, url: post.url, author, body: text, tags, image_url: imageUrl },
  };
}

/** $1 entries; $2, $3 and $4 feeds, keys and whose they are. The arrays tell the planner that they are few. */
const REFRESH = /* sql */ `
  with entries as (
    select * from jsonb_to_recordset($1::jsonb) as e (
      id uuid, post_id uuid, guid text, link text, title text, published_at timestamptz,
      updated_at timestamptz, content_hash text,
      fingerprint text, post_title text, url text, author text, body text, tags text[], image_url text)),
  shown as (
    update sightings s set
      guid = e.guid, link = e.link, title = e.title, published_at = e.published_at,
      updated_at = e.updated_at,
      content_hash = decode(e.content_hash, 'hex'), fingerprint = decode(e.fingerprint, 'hex')
      from entries e where s.id = e.id and s.id = any (array(select id from entries))),
  told as (
    update posts p set
      title = e.post_title, url = e.url, author = e.author, body = e.body, tags = e.tags, image_url = e.image_url,
      published_at = e.published_at
      from entries e
     where p.id = e.post_id and p.id = any (array(select post_id from entries))
       and e.id = (select id from sightings where post_id = p.id order by seq limit 1))
  insert into entry_keys (feed_id, key, sighting_id)
  select * from unnest($2::uuid[], $3::bytea[], $4::uuid[]) as k (feed_id, key, sighting_id) on conflict do nothing`;
