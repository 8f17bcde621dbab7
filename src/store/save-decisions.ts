import { amendmentOf, type Amendment, type AmendmentKind, type Announced } from '../deliveries/amendment.js';
import type { PostId, SightingId } from '../ids.js';
import { eventOf, type EntryEvent } from '../posts/decision.js';
import type { AddedSighting } from './add-sightings.js';
import { toJson } from './json.js';
import type { Known } from './refresh-entries.js';
import { rows, type Db } from './rows.js';

interface Happened {
  readonly id: SightingId;
  readonly event: EntryEvent;
}

/** What documents changed about entries that were known, and which messages should follow. Nothing if nothing did. */
export async function saveDecisions(
  db: Db,
  refreshed: readonly Known[],
  added: readonly AddedSighting[],
  now: Date,
): Promise<void> {
  // An entry may stand in a document more than once: it stays as the last of them shows it.
  const last = new Map(refreshed.map((one) => [one.ref.id, one]));
  const happened = [...last.values()].flatMap((one): Happened[] => {
    const event = eventOf(one.ref, one);
    return event ? [{ id: one.ref.id, event }] : [];
  });
  const amendments = await amendmentsOf(db, changesOf(happened, added), now);
  if (happened.length === 0 && amendments.length === 0) return;
  const events = happened.map(({ id, event }) => ({ id, kind: event.kind, detail: event }));
  const wishes = amendments.map(({ postId, kinds }) => ({ post_id: postId, kinds }));
  await rows(db, SAVE, [toJson(events), toJson(wishes), now]);
}

type Changes = ReadonlyMap<SightingId, readonly AmendmentKind[]>;

/** What messages could follow. A text is not told again: it is edited all the time. */
function changesOf(happened: readonly Happened[], added: readonly AddedSighting[]): Changes {
  const edits = happened.map(({ id, event }) => {
    const changed = event.kind === 'edited' ? event.changed : [];
    return [id, changed.filter((part) => part === 'title' || part === 'link')] as const;
  });
  const copies = added.filter(({ isNewPost }) => !isNewPost).map(({ id }) => [id, ['also-in']] as const);
  return new Map<SightingId, readonly AmendmentKind[]>([
    ...edits.filter(([, changed]) => changed.length > 0),
    ...copies,
  ]);
}

interface AnnouncedRow {
  id: SightingId;
  post_id: PostId;
  first_seen_at: Date;
  promised: boolean;
  leads: boolean;
}

async function amendmentsOf(db: Db, changes: Changes, now: Date): Promise<Amendment[]> {
  if (changes.size === 0) return [];
  const stored = await rows<AnnouncedRow>(db, ANNOUNCED, [[...changes.keys()]]);
  return stored.flatMap((one) => amendmentOf(announcedOf(one), changes.get(one.id) ?? [], now) ?? []);
}

function announcedOf({ post_id: postId, first_seen_at: firstSeenAt, promised, leads }: AnnouncedRow): Announced {
  return { postId, firstSeenAt, promised, leads };
}

/** Asked one by one, for they are few, whatever the planner believes. */
const ANNOUNCED = /* sql */ `
  select s.id, s.post_id, (select first_seen_at from posts where id = s.post_id) as first_seen_at,
         (select id from deliveries where post_id = s.post_id and state <> 'abandoned' limit 1) is not null as promised,
         s.seq = (select min(seq) from sightings where post_id = s.post_id) as leads
    from sightings s where s.id = any ($1::uuid[])`;

/** The first edit stays, for it says what the entry came in as; of the others the latest. */
const MOST_EDITS = 24;

/** $1 events, $2 wishes, $3 now. In one order of the posts, so that two feeds that share some never wait in a ring. */
const SAVE = /* sql */ `
  with given as (
    select e.*, o.number from jsonb_array_elements($1::jsonb) with ordinality as o (element, number),
      jsonb_to_record(o.element) as e (id uuid, kind text, detail jsonb)),
  forgotten as (
    delete from entry_events where id in (
      select id from (
        select id, row_number() over (partition by sighting_id order by id) as place,
               count(*) over (partition by sighting_id) as total
          from entry_events
         where kind = 'edited' and sighting_id in (select id from given where kind = 'edited')) as edits
       where place > 1 and place <= 2 + total - ${String(MOST_EDITS)})),
  happened as (
    insert into entry_events (sighting_id, kind, at, detail)
    select id, kind, $3::timestamptz, detail from given order by number
    on conflict (sighting_id) where kind = 'renamed'
      do update set at = excluded.at, detail = excluded.detail, times = entry_events.times + 1),
  wished as (
    select post_id, array_agg(distinct kind order by kind) as kinds
      from jsonb_to_recordset($2::jsonb) as w (post_id uuid, kinds text[]), unnest(w.kinds) as kind group by post_id)
  insert into amendments (post_id, kinds, at) select post_id, kinds, $3::timestamptz from wished order by post_id
  on conflict (post_id) do update
     set at = excluded.at, spread = false,
         kinds = array(select distinct kind from unnest(amendments.kinds || excluded.kinds) as kind order by kind)`;
