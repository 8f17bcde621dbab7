import type { Feed } from '../feeds/feed.js';
import type { PollRecord, Rest } from '../feeds/feed-store.js';
import type { IdentityMode } from '../posts/identity/mode.js';
import { toJson } from './json.js';
import { rows, type Db } from './rows.js';

/** How a feed stands after a poll, ready for `saveRecords`. */
export interface StoredRecord {
  readonly feed: Feed;
  readonly record: PollRecord;
  readonly now: Date;
  /** What a document that was read says of the feed itself. */
  readonly read?: {
    readonly title: string | null;
    readonly siteUrl: URL | null;
    readonly bodyHash: string | null;
    /** How many new entries of it are to be told. */
    readonly announced: number;
    /** Null where too little was read to tell. */
    readonly identityMode: IdentityMode | null;
  };
}

/** Saves how feeds stand and lets their origins go, all in one statement. */
export async function saveRecords(db: Db, records: readonly StoredRecord[]): Promise<void> {
  const rests = records.flatMap(({ feed, record: { rest } }) =>
    rest?.of === 'domain' ? [rows(db, REST_DOMAIN, [feed.id, rest.until])] : [],
  );
  const saved = rows(db, SAVE_RECORDS, [toJson(records.map(columnsOf)), records.map(({ feed }) => feed.id)]);
  await Promise.all([...rests, saved]);
}

/** Always the same fields in the same order: objects of one shape are written several times as fast. */
function columnsOf({ feed, record, now, read }: StoredRecord): object {
  const { move, validators, rest } = record;
  const { title, siteUrl, bodyHash, announced, identityMode } = read ?? NOTHING_READ;
  const until = (of: Rest['of']): Date | undefined => (rest?.of === of ? rest.until : undefined);
  return {
    id: feed.id,
    now,
    started_at: record.startedAt,
    next_poll_at: record.nextPollAt,
    etag: validators.etag,
    last_modified: validators.lastModified,
    conditions: record.conditions,
    hints: record.hints,
    move_to: move?.to,
    move_polls: move?.polls ?? 0,
    move_since: move?.since,
    failures: record.failures,
    failing_since: record.failingSince,
    gone_since: record.goneSince,
    gap_at: record.gapAt,
    // Nearly always as it was, and long. What was pushed meanwhile stays.
    new_at: record.newAt === feed.newAt ? null : record.newAt,
    new_share: record.newShare,
    trouble: record.trouble,
    outage_told_at: record.outageToldAt,
    notice: record.notice && { ...record.notice, url: feed.url },
    not_before: until('feed'),
    origin_not_before: until('origin'),
    domain_not_before: until('domain'),
    throttled: rest !== null && rest.of !== 'feed',
    was_read: read !== undefined,
    title,
    site_url: siteUrl,
    body_hash: bodyHash,
    new_count: announced,
    identity_mode: identityMode,
  };
}

const NOTHING_READ: Partial<NonNullable<StoredRecord['read']>> = {};

/** An origin is asked at most this often. */
const BETWEEN_STARTS = '2 seconds';

/** SQL for a feed's `new_counts` with one more, of which the latest twenty are kept: by them the next burst is told. */
export function withCount(count: string): string {
  return `case when ${count} > 0 then (new_counts || ${count})[greatest(cardinality(new_counts) - 18, 1):] else new_counts end`;
}

const SAVE_RECORDS = /* sql */ `
  with polled as (
    select * from jsonb_to_recordset($1::jsonb) as r (
      id uuid, now timestamptz, started_at timestamptz, next_poll_at timestamptz, etag text, last_modified text,
      conditions jsonb, hints jsonb, move_to text, move_polls integer, move_since timestamptz, failures integer,
      failing_since timestamptz, gone_since timestamptz, gap_at timestamptz, new_at timestamptz[], new_share real,
      trouble text, outage_told_at timestamptz, notice jsonb, not_before timestamptz, origin_not_before timestamptz,
      domain_not_before timestamptz, throttled boolean, was_read boolean,
      title text, site_url text, body_hash text, new_count integer, identity_mode text)),
  saved as (
    update feeds f set
      last_polled_at = r.now, next_poll_at = r.next_poll_at, etag = r.etag, last_modified = r.last_modified,
      conditions = r.conditions, hints = r.hints, move_to = r.move_to, move_polls = r.move_polls,
      move_since = r.move_since, failures = r.failures, failing_since = r.failing_since, gone_since = r.gone_since,
      gap_at = r.gap_at, new_at = coalesce(r.new_at, f.new_at), new_share = r.new_share, trouble = r.trouble, outage_told_at = r.outage_told_at,
      -- A host of the operator's own may have many routes, of which one is flaky.
      not_before = case when o.exempt then coalesce(r.not_before, r.origin_not_before, r.domain_not_before)
                        else r.not_before end,
      title = coalesce(r.title, f.title), site_url = coalesce(r.site_url, f.site_url),
      body_hash = case when r.was_read then r.body_hash else f.body_hash end,
      identity_mode = coalesce(r.identity_mode, f.identity_mode), new_counts = ${withCount('r.new_count')},
      primed_at = case when r.was_read then coalesce(f.primed_at, r.now) else f.primed_at end, lease_until = null
      from polled r, origins o
      -- The list tells the planner that they are few.
     where f.id = any ($2::uuid[]) and f.id = r.id and o.origin = f.origin
    returning f.origin, r.now, r.started_at, r.origin_not_before, r.throttled),
  promised as (
    insert into deliveries (notice, channel_id, state, promised_at, due_at)
    select r.notice, s.channel_id, 'pending', r.now, r.now from polled r join subscriptions s on s.feed_id = r.id
     where s.feed_id = any ($2::uuid[]) and jsonb_typeof(r.notice) = 'object'),
  by_origin as (
    select origin, max(now) as now, max(started_at) as started_at, max(origin_not_before) as not_before,
           bool_or(throttled) as throttled
      from saved group by origin)
  update origins o set
    free_at = b.started_at + interval '${BETWEEN_STARTS}', not_before = greatest(o.not_before, b.not_before),
    throttled_at = case when b.throttled then b.now else o.throttled_at end
    from by_origin b where o.origin = b.origin and not o.exempt`;

const REST_DOMAIN = /* sql */ `
  update origins o set not_before = greatest(o.not_before, $2)
    from feeds f join origins own on own.origin = f.origin
   where f.id = $1 and o.domain = own.domain and not o.exempt`;
