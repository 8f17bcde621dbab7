import type { Pool } from 'pg';
import { later } from '../clock.js';
import type { PostId, SightingId } from '../ids.js';
import { originOf } from '../feeds/schedule/origin.js';
import type { PageStore, PageVisit } from '../feeds/page-pictures.js';
import { addressKey } from '../posts/same/article-keys.js';
import { articleUrl } from '../posts/same/article-url.js';
import { CLAIM_LOCK } from './claim-feeds.js';
import { toJson } from './json.js';
import { rows, transaction, type Db } from './rows.js';

export function createPageStore(pool: Pool): PageStore {
  return {
    claim: async (now, leaseUntil) => {
      const wanted = await rows<WantedRow>(pool, WANTED, [now]);
      if (wanted.length === 0) return [];
      await rows(pool, FORGET, [now]);
      return transaction(pool, (db) => claim(db, wanted.map(visitOf), [now, leaseUntil]));
    },
    save: async ({ sighting, post, url }, head, startedAt) => {
      const canonical = head?.canonical ?? null;
      const key = canonical && String(addressKey(articleUrl(canonical)));
      const found = [head?.picture?.href ?? null, canonical?.href ?? null];
      await rows(pool, SAVE, [sighting, post, ...found, url.origin, startedAt, key]);
    },
  };
}

/** A post goes out without a picture when its page has not shown one by then. */
const PICTURE_WAIT_MS = 60_000;

/** Holds these sightings back until their pages were asked, for a minute at most. */
export async function wantPictures(
  db: Db,
  wanted: readonly { readonly id: SightingId; readonly since: Date }[],
): Promise<void> {
  if (wanted.length === 0) return;
  const columns = wanted.map(({ id, since }) => ({ sighting_id: id, wanted_until: later(since, PICTURE_WAIT_MS) }));
  await rows(db, WANT, [toJson(columns)]);
}

const WANT = /* sql */ `
  insert into wanted_pictures (sighting_id, wanted_until)
  select * from jsonb_to_recordset($1::jsonb) as w (sighting_id uuid, wanted_until timestamptz)`;

interface WantedRow {
  sighting: SightingId;
  post: PostId;
  url: string;
}

function visitOf({ sighting, post, url }: WantedRow): PageVisit {
  return { sighting, post, url: new URL(url) };
}

const WANTED = /* sql */ `
  select s.id as sighting, p.id as post, p.url
    from wanted_pictures w join sightings s on s.id = w.sighting_id join posts p on p.id = s.post_id
   where w.wanted_until > $1 and w.asked_at is null and p.url is not null
   order by s.seq limit 50`;

/** Whose visitor died: the post has gone out without. */
const FORGET = 'delete from wanted_pictures where wanted_until <= $1';

/** Pages of origins that nobody asks just now, one of each. */
async function claim(db: Db, wanted: readonly PageVisit[], during: readonly [Date, Date]): Promise<PageVisit[]> {
  await rows(db, CLAIM_LOCK, []);
  const byOrigin = new Map([...wanted].reverse().map((visit) => [visit.url.origin, visit]));
  const places = [...byOrigin.values()].map(({ url }) => originOf(url));
  const columns = [places.map(({ origin }) => origin), places.map(({ domain }) => domain)];
  await rows(db, ADD_ORIGINS, columns);
  const ids = [...byOrigin.values()].map(({ sighting }) => sighting);
  const taken = await rows<{ id: SightingId }>(db, TAKE, [columns[0], ids, ...during]);
  const mine = new Set(taken.map(({ id }) => id));
  return [...byOrigin.values()].filter(({ sighting }) => mine.has(sighting));
}

const ADD_ORIGINS = /* sql */ `
  insert into origins (origin, domain) select * from unnest($1::text[], $2::text[]) on conflict do nothing`;

/** $1 origins and $2 their sightings, $3 now, $4 until when. */
const TAKE = /* sql */ `
  with free as (
    update origins o set free_at = $4 from unnest($1::text[], $2::uuid[]) as w (origin, sighting)
     where o.origin = w.origin and (o.exempt or (o.free_at <= $3 and o.not_before <= $3))
    returning w.sighting)
  update wanted_pictures w set asked_at = $3 from free
   where w.sighting_id = free.sighting and w.asked_at is null returning w.sighting_id as id`;

const SAVE = /* sql */ `
  with shown as (
    update posts set image_url = coalesce(image_url, $3), canonical_url = coalesce($4, canonical_url) where id = $2),
  named as (
    insert into article_keys (key, post_id, seen_at)
    select $7::bigint, id, first_seen_at from posts
     where id = $2 and $7 is not null
       and not exists (select from article_keys where post_id = $2 and key = $7::bigint)),
  freed as (update origins set free_at = $6::timestamptz + interval '2 seconds' where origin = $5 and not exempt)
  delete from wanted_pictures where sighting_id = $1`;
