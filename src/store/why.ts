import type { Pool } from 'pg';
import type { ChannelRef, Platform } from '../chat/channel.js';
import type { AmendmentKind } from '../deliveries/amendment.js';
import type { Filtered } from '../deliveries/plan.js';
import type { WhyDelivery, WhyEdit, WhyEvent, WhyReport, WhySighting, WhyStore } from '../deliveries/why.js';
import type { SightingId } from '../ids.js';
import { withoutTracking } from '../posts/canonical-url.js';
import type { Arrival, EntryEvent } from '../posts/decision.js';
import { guidKey, linkKey } from '../posts/entry-keys.js';
import { httpUrl } from '../posts/http-url.js';
import type { IdentityMode } from '../posts/identity/mode.js';
import type { Post } from '../posts/post.js';
import type { Target } from '../subscriptions/subscription.js';
import { createPostStore, postOf, POST_COLUMNS, type PostRow } from './posts.js';
import { row, rows } from './rows.js';

export function createWhyStore(pool: Pool): WhyStore {
  return { why: (asked) => why(pool, asked.trim()) };
}

async function why(pool: Pool, asked: string): Promise<WhyReport> {
  const [post, ...others] = await postsMeant(pool, asked);
  return post ? reportOf(pool, post, others) : { kind: 'not-stored', hint: HINT };
}

const HINT =
  'No stored post has this link, guid or words. Is its feed followed (tidings feed list), and has it been polled since?';

/** At most so many are named; the first is explained. */
const MOST = 6;

async function postsMeant(pool: Pool, asked: string): Promise<Post[]> {
  const url = httpUrl(asked);
  const keys = [guidKey(asked), ...(url ? [linkKey(url)] : [])];
  const named = await rows<PostRow>(pool, POSTS_BY_KEY, [keys, url?.href ?? null, MOST]);
  if (named.length > 0) return named.map(postOf);
  if (url) return (await rows<PostRow>(pool, POSTS_BY_URL, [spellingsOf(url), MOST])).map(postOf);
  const { hits } = await createPostStore(pool).search(asked, 1, MOST);
  return hits.map(({ post }) => post);
}

/** Keys hold every guid and link the post ever had, and are looked up feed by feed: their index begins with it. */
const POSTS_BY_KEY = /* sql */ `
  select ${POST_COLUMNS} from posts p
   where p.id in (
     select s.post_id
       from feeds f join entry_keys k on k.feed_id = f.id and k.key = any ($1::bytea[])
       join sightings s on s.id = k.sighting_id)
   order by (p.url = $2) desc nulls last, p.first_seen_at desc limit $3`;

/** A post whose feeds were all removed has no keys left, only its own address. */
const POSTS_BY_URL = /* sql */ `
  select ${POST_COLUMNS} from posts p where p.url = any ($1::text[]) order by p.first_seen_at desc limit $2`;

function spellingsOf(url: URL): string[] {
  const clean = withoutTracking(url).href;
  const paths = [clean, clean.replace(/\/$/, ''), `${clean}/`];
  return [url.href, ...paths.flatMap((each) => [each.replace(/^http:/, 'https:'), each.replace(/^https:/, 'http:')])];
}

async function reportOf(pool: Pool, post: Post, others: readonly Post[]): Promise<WhyReport> {
  const [sightings, events, deliveries, amendment] = await Promise.all([
    rows<SightingRow>(pool, SIGHTINGS, [post.id]),
    rows<EventRow>(pool, EVENTS, [post.id]),
    rows<DeliveryRow>(pool, DELIVERIES, [post.id]),
    row<{ kinds: AmendmentKind[]; at: Date }>(pool, 'select kinds, at from amendments where post_id = $1', [post.id]),
  ]);
  return {
    kind: 'stored',
    post,
    sightings: sightings.map((stored) => sightingOf(stored, events)),
    deliveries: deliveries.map(deliveryOf),
    amendment,
    others: others.map(({ title, url }) => ({ title, url })),
  };
}

interface StoredFilter extends Pick<Filtered, 'channel'> {
  readonly until: string | null;
}

interface SightingRow {
  id: SightingId;
  feed_title: string | null;
  feed_url: string;
  identity_mode: IdentityMode | null;
  first_seen_at: Date;
  announced: boolean;
  matched_at: Date | null;
  decision: (Arrival & { readonly wanted?: number; readonly filtered?: readonly StoredFilter[] }) | null;
  promised: number;
}

const SIGHTINGS = /* sql */ `
  select s.id, f.title as feed_title, f.url as feed_url, f.identity_mode, s.first_seen_at, s.announced, s.matched_at, s.decision,
         (select count(*)::int from deliveries d where d.sighting_id = s.id) as promised
    from sightings s join feeds f on f.id = s.feed_id where s.post_id = $1 order by s.seq`;

function filteredOf(decision: SightingRow['decision']): Filtered[] {
  return (decision?.filtered ?? []).map(({ channel, until }) => ({ channel, until: until ? new Date(until) : null }));
}

function sightingOf(stored: SightingRow, events: readonly EventRow[]): WhySighting {
  const { decision, announced, promised } = stored;
  return {
    feedTitle: stored.feed_title,
    feedUrl: stored.feed_url,
    identityMode: stored.identity_mode,
    firstSeenAt: stored.first_seen_at,
    fate: decision?.fate ?? (announced ? 'announced' : 'backlog'),
    sameBy: decision?.sameBy ?? null,
    copies: decision?.copies ?? 0,
    matchedAt: stored.matched_at,
    wanted: decision?.wanted ?? null,
    promised,
    filtered: filteredOf(decision),
    events: events.filter(({ sighting_id: id }) => id === stored.id).map(eventOf),
  };
}

interface EventRow {
  sighting_id: SightingId;
  at: Date;
  times: number;
  detail: EntryEvent;
}

const EVENTS = /* sql */ `
  select e.sighting_id, e.at, e.times, e.detail from entry_events e join sightings s on s.id = e.sighting_id
   where s.post_id = $1 order by e.at, e.id`;

function eventOf({ at, times, detail }: EventRow): WhyEvent {
  return { ...detail, at, times };
}

interface DeliveryRow {
  platform: Platform;
  workspace_id: string;
  channel_id: string;
  in_digest: boolean;
  state: WhyDelivery['state'];
  reason: string | null;
  attempts: number;
  promised_at: Date;
  first_tried_at: Date | null;
  due_at: Date | null;
  settled_at: Date | null;
  wanted_by: Target[] | null;
  edit_state: WhyEdit['state'] | null;
  edited_at: Date | null;
  edit_reason: string | null;
}

const DELIVERIES = /* sql */ `
  select c.platform, c.workspace_id, c.channel_id, d.state, d.attempts, d.promised_at, d.first_tried_at, d.settled_at,
         w.wanted_by, w.state = 'digested' as in_digest,
         e.state as edit_state, e.edited_at, coalesce(e.reason, case e.state when 'waiting' then c.trouble end) as edit_reason,
         coalesce(d.reason, case when d.settled_at is null then c.trouble end) as reason,
         case when d.settled_at is null then greatest(d.due_at, c.ready_at, c.paced_until) end as due_at
    from deliveries w join deliveries d on d.id = coalesce(w.in_digest, w.id) join channels c on c.id = w.channel_id
         left join edits e on e.delivery_id = w.id
   where w.post_id = $1 order by w.seq`;

function deliveryOf(stored: DeliveryRow): WhyDelivery {
  return {
    channel: channelOf(stored),
    state: stored.state,
    inDigest: stored.in_digest,
    reason: stored.reason,
    attempts: stored.attempts,
    promisedAt: stored.promised_at,
    firstTriedAt: stored.first_tried_at,
    dueAt: stored.due_at,
    endedAt: stored.settled_at,
    wantedBy: stored.wanted_by ?? [],
    edit: editOf(stored),
  };
}

function editOf({ edit_state: state, edited_at: editedAt, edit_reason: reason }: DeliveryRow): WhyEdit | null {
  return state === null ? null : { state, editedAt, reason };
}

function channelOf(stored: DeliveryRow): ChannelRef {
  return { platform: stored.platform, workspaceId: stored.workspace_id, channelId: stored.channel_id };
}
