import { later } from '../clock.js';

/** How fast a channel may be written to; null is no limit. */
export interface Pace {
  /** Messages in any hour. */
  readonly perHour: number | null;
  /** Messages in any ten minutes. */
  readonly burst: number | null;
}

export const DEFAULT_PACE: Pace = { perHour: 20, burst: 5 };

const HOUR_MS = 3_600_000;
const BURST_WINDOW_MS = 600_000;

/** When the channel may next be written to, given when it was (newest first, the last hour at least). */
export function nextSlot(sentAt: readonly Date[], pace: Pace, now: Date): Date {
  const hourly = slotUnder(pace.perHour, HOUR_MS, sentAt, now);
  const burst = slotUnder(pace.burst, BURST_WINDOW_MS, sentAt, now);
  return hourly > burst ? hourly : burst;
}

function slotUnder(limit: number | null, windowMs: number, sentAt: readonly Date[], now: Date): Date {
  const oldestOfTheLast = limit === null ? undefined : sentAt[limit - 1];
  if (!oldestOfTheLast) return now;
  const freeAt = later(oldestOfTheLast, windowMs);
  return freeAt > now ? freeAt : now;
}

/**
 * How many more one workspace may have under way, given what is free in this process: as many as are left free. So
 * workspaces whose requests hang never hold all hands, and one that is alone may use half of them.
 */
export function shareOf(free: number, underWay: number): number {
  if (free <= 0) return 0;
  const share = Math.floor((free - underWay) / 2);
  return Math.max(share, underWay === 0 ? 1 : 0);
}

/** Requests that a platform counts as invalid, since when. */
export interface InvalidRequests {
  readonly count: number;
  readonly since: Date;
}

/** Discord bans an address for 10,000 in ten minutes, and others may share the address. */
const INVALID_BUDGET = 5_000;
const INVALID_WINDOW_MS = 600_000;

/** What is counted after some more, and until when nothing may be asked; null: it may. */
export function afterInvalid(
  { count, since }: InvalidRequests,
  more: number,
  now: Date,
): InvalidRequests & { readonly restUntil: Date | null } {
  const endsAt = later(since, INVALID_WINDOW_MS);
  // A window from the future is one of a clock that was put back.
  const over = endsAt <= now || since > now;
  const window = over ? { count: more, since: now } : { count: count + more, since };
  const restUntil = window.count >= INVALID_BUDGET ? later(window.since, INVALID_WINDOW_MS) : null;
  return { ...window, restUntil };
}
