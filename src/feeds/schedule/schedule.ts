import { later } from '../../clock.js';
import type { PollHints, PollHistory } from '../feed.js';
import type { FetchOutcome } from '../fetching/fetch-outcome.js';
import { floorMs, intervalMs } from './interval.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** When a bot check stands before a feed. */
const CHALLENGED_MS = 4 * HOUR_MS;
/** A feed that failed for so long is still asked, but once a week. */
const HOPELESS_MS = 30 * DAY_MS;
/** Polls that fall due together are spread over this share of their interval. */
const JITTER = 0.25;

/**
 * When to poll again, seen from just after a poll that is already part of `history` (its failure, its news). Never
 * earlier than the origin allows, and never "no more" (null) but for a feed that its publisher removed for good.
 * `random` is in [0, 1).
 */
export function nextPollAt(outcome: FetchOutcome, history: PollHistory, now: Date, random: number): Date | null {
  const after = (ms: number) => later(now, Math.round(ms * (1 + JITTER * random)));
  switch (outcome.kind) {
    case 'fetched':
    case 'unchanged':
      return outsideSkipped(after(afterAnswerMs(outcome.freshForMs, history, now)), history.hints);
    case 'throttled':
      return after(Math.max(backOffMs(HOUR_MS, history, now), Math.min(outcome.retryAfterMs ?? 0, DAY_MS)));
    case 'gone':
      return isGone(history, now) ? null : after(DAY_MS);
    case 'failed': {
      const first = outcome.reason === 'challenge' ? CHALLENGED_MS : floorMs(history, now);
      return after(backOffMs(first, history, now));
    }
  }
}

/** What the feed is worth, or as long as its publisher calls the answer fresh, if that is longer. */
function afterAnswerMs(freshForMs: number | null, history: PollHistory, now: Date): number {
  const fresh = Math.max(freshForMs ?? 0, history.hints.freshForMs ?? 0);
  const interval = intervalMs(history, now);
  // Entries may have come and gone between two polls.
  const own = isRecent(history.gapAt, now)
    ? Math.max(interval / 2, Math.min(interval, floorMs(history, now)))
    : interval;
  return Math.max(own, Math.min(fresh, DAY_MS));
}

function isRecent(at: Date | null, now: Date): boolean {
  return at !== null && now.getTime() - at.getTime() < WEEK_MS;
}

function backOffMs(firstMs: number, { failures, failingSince }: PollHistory, now: Date): number {
  if (failingSince && now.getTime() - failingSince.getTime() >= HOPELESS_MS) return WEEK_MS;
  return Math.min(firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 10), DAY_MS);
}

/** Said twice with a day between: its publisher means it. */
function isGone({ goneSince }: PollHistory, now: Date): boolean {
  return goneSince !== null && now.getTime() - goneSince.getTime() >= DAY_MS;
}

/** The next hour that the publisher does not ask to skip; `at` itself if that is more than a day away. */
function outsideSkipped(at: Date, { skipHours, skipDays }: PollHints): Date {
  const isSkipped = (time: Date) => skipHours.includes(time.getUTCHours()) || skipDays.includes(time.getUTCDay());
  if (!isSkipped(at)) return at;
  const startOfHour = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
  const next = Array.from({ length: 24 }, (_, hours) => later(startOfHour, (hours + 1) * HOUR_MS)).find(
    (time) => !isSkipped(time),
  );
  return next ? later(next, at.getTime() - startOfHour.getTime()) : at;
}
