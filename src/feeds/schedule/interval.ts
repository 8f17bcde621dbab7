import type { PollHistory } from '../feed.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

const USUAL_MS = HOUR_MS;
/** For a feed that brings something at least four times a day. */
const LIVELY_MS = 15 * MINUTE_MS;
const LIVELY_PER_DAY = 4;
/** For a server that sends the whole document every time, and for a feed that was quiet for a week. */
const SPARING_MS = 6 * HOUR_MS;
/** Half the polls bring something: then whole documents are what was asked for. */
const WORTH_IT_SHARE = 0.5;
/** Fewer gaps than that make no habit. */
const MIN_GAPS = 2;
/** How many of the latest news `PollHistory.newAt` tells of. */
export const NEWS_REMEMBERED = 21;

/**
 * How often a feed is worth polling, by when it brought something before (as first seen here: publishers' dates lie).
 * `now` must not lie before the last of `newAt`.
 */
export function intervalMs(history: PollHistory, now: Date): number {
  const { conditions, settings, pushedUntil, subscribers } = history;
  if (settings.everyMs !== null) return settings.everyMs;
  if (pushedUntil && pushedUntil > now) return DAY_MS;
  const byHabit = habitMs(history, now);
  // A whole document each time is a burden; "not modified" costs next to nothing, so somebody who waits is served.
  if (conditions.work === false && history.newShare < WORTH_IT_SHARE) return Math.max(byHabit, sparingMs(history, now));
  return conditions.work === true && subscribers > 0 ? Math.min(byHabit, USUAL_MS) : byHabit;
}

/** The shortest interval of this feed. */
export function floorMs({ newAt }: PollHistory, now: Date): number {
  const [first] = newAt;
  if (!first || newAt.length <= MIN_GAPS) return USUAL_MS;
  const days = Math.max(now.getTime() - first.getTime(), HOUR_MS) / DAY_MS;
  return newAt.length / days >= LIVELY_PER_DAY ? LIVELY_MS : USUAL_MS;
}

function habitMs(history: PollHistory, now: Date): number {
  const floor = floorMs(history, now);
  const gaps = gapsMs(history.newAt);
  const half = gaps.length >= MIN_GAPS ? medianOf(gaps) / 2 : floor;
  return Math.max(Math.min(Math.max(half, floor), DAY_MS), quietMs(history, now));
}

/** Nothing new for a week, for a month: asked more and more rarely. */
function quietMs(history: PollHistory, now: Date): number {
  const quiet = silenceMs(history, now);
  if (quiet >= 30 * DAY_MS) return DAY_MS;
  return quiet >= WEEK_MS ? SPARING_MS : 0;
}

function sparingMs(history: PollHistory, now: Date): number {
  return silenceMs(history, now) >= WEEK_MS ? DAY_MS : SPARING_MS;
}

function silenceMs({ newAt, primedAt }: PollHistory, now: Date): number {
  const since = newAt.at(-1) ?? primedAt ?? now;
  return now.getTime() - since.getTime();
}

function gapsMs(times: readonly Date[]): number[] {
  return times.slice(1).map((time, index) => time.getTime() - (times[index] ?? time).getTime());
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
