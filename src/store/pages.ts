import type { Pool } from 'pg';
import type { PostId, SightingId } from '../ids.js';
import { originOf } from '../feeds/schedule/origin.js';
import type { PageStore, PageVisit } from '../feeds/page-pictures.js';
import { CLAIM_LOCK } from './claim-feeds.js';
import { rows, transaction, type Db } from './rows.js';

export function createPageStore(pool: Pool): PageStore {
  return {
    claim: async (now, leaseUntil) => {
      const wanted = await rows<WantedRow>(pool, WANTED, [now]);
      if (wanted.length === 0) return [];
      return transaction(pool, (db) => claim(db, wanted.map(visitOf), [now, leaseUntil]));
    },
    save: async ({ sighting, post, url }, picture, startedAt) => {
      await rows(pool, SAVE, [sighting, post, picture?.href ?? null, url.origin, startedAt]);
    },
  };
}

interface WantedRow {
  sighting: SightingId;
  post: PostId;
  url: string;
}

function visitOf({ sighting, post, url }: WantedRow): PageVisit {
  return { sighting, post, url: new URL(url) };
}

const WANTED = /* sql */ `
  with wanted as materialized (
    select id, post_id, seq from sightings
     where picture_wanted_until is not null and picture_wanted_until > $1 and picture_asked_at is null
     order by seq limit 50)
  select w.id as sighting, p.id as post, p.url from wanted w join posts p on p.id = w.post_id
   where p.url is not null order by w.seq`;

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
  update sightings s set picture_asked_at = $3 from free
   where s.id = free.sighting and s.picture_asked_at is null returning s.id`;

const SAVE = /* sql */ `
  with shown as (update posts set image_url = coalesce(image_url, $3) where id = $2),
  freed as (update origins set free_at = $5::timestamptz + interval '2 seconds' where origin = $4 and not exempt)
  update sightings set picture_wanted_until = null where id = $1`;
