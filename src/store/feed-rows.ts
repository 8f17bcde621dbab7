import type { FeedId } from '../ids.js';
import type { Conditions, Feed, PollHints } from '../feeds/feed.js';
import { urlOrNull } from './rows.js';

export interface FeedRow {
  id: FeedId;
  url: string;
  title: string | null;
  etag: string | null;
  last_modified: string | null;
  body_hash: string | null;
  failures: number;
  failing_since: Date | null;
  next_poll_at: Date | null;
  not_before: Date | null;
  last_polled_at: Date | null;
  primed_at: Date | null;
  new_at: Date[];
  new_share: number;
  hints: PollHints;
  conditions: Conditions;
  move_to: string | null;
  move_polls: number;
  move_since: Date | null;
  gone_since: Date | null;
  gap_at: Date | null;
  pushed_until: Date | null;
  every_ms: number | null;
  verify_tls: boolean;
  page_pictures: boolean;
  announce_old: boolean;
  repost_updates: boolean;
  outage_told_at: Date | null;
  subscribers: number;
}

/** The columns of `FeedRow`, of a table `f` joined with its origin `o`. */
export const FEED_COLUMNS = `f.id, f.url, f.title, f.etag, f.last_modified, f.body_hash, f.failures, f.failing_since,
  f.next_poll_at, greatest(f.not_before, nullif(o.not_before, '-infinity')) as not_before, f.last_polled_at, f.primed_at,
  f.new_at, f.new_share, f.hints, f.conditions, f.move_to, f.move_polls, f.move_since, f.gone_since, f.gap_at,
  f.pushed_until, f.outage_told_at, f.every_ms, f.verify_tls, f.page_pictures, f.announce_old, f.repost_updates,
  (select count(*)::int from subscriptions s
    where s.feed_id = f.id
      and not exists (select from subscriptions o where o.channel_id = s.channel_id and o.feed_id is null))
  -- The same for every feed: counted once for each statement, not for each feed.
  + (select count(distinct channel_id)::int from subscriptions where feed_id is null) as subscribers`;

export function feedOf(stored: FeedRow): Feed {
  const moveTo = urlOrNull(stored.move_to);
  return {
    id: stored.id,
    url: new URL(stored.url),
    title: stored.title,
    validators: { etag: stored.etag, lastModified: stored.last_modified },
    bodyHash: stored.body_hash,
    failures: stored.failures,
    failingSince: stored.failing_since,
    nextPollAt: stored.next_poll_at,
    notBefore: stored.not_before,
    lastPolledAt: stored.last_polled_at,
    primedAt: stored.primed_at,
    newAt: stored.new_at,
    newShare: stored.new_share,
    hints: stored.hints,
    conditions: stored.conditions,
    move: moveTo && stored.move_since ? { to: moveTo, polls: stored.move_polls, since: stored.move_since } : null,
    goneSince: stored.gone_since,
    gapAt: stored.gap_at,
    pushedUntil: stored.pushed_until,
    outageToldAt: stored.outage_told_at,
    settings: {
      everyMs: stored.every_ms,
      verifyTls: stored.verify_tls,
      pagePictures: stored.page_pictures,
      announceOld: stored.announce_old,
      repostUpdates: stored.repost_updates,
    },
    subscribers: stored.subscribers,
  };
}
