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
