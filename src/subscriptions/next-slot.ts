import type { Schedule } from './schedule.js';
import { momentOf, wallClock } from './zone.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * The first slot after that moment; the moment itself for `at-once`. Hourly slots are the full hours of UTC. A time that
 * the clocks skip is the moment of the change; one that they show twice is a slot once, the first time.
 */
export function nextSlotAt({ when, timeZone }: Schedule, after: Date): Date {
  if (when.kind === 'at-once') return after;
  if (when.kind === 'hourly') return new Date((Math.floor(after.getTime() / HOUR_MS) + 1) * HOUR_MS);
  const today = Math.floor(wallClock(after, timeZone) / DAY_MS);
  // A day back: its slot may have been put off past midnight. Nine ahead: a whole day may be skipped.
  for (let day = today - 1; day <= today + 9; day += 1) {
    if (when.kind === 'weekly' && weekdayOf(day) !== when.weekday) continue;
    const slot = momentOf(day * DAY_MS + when.minute * MINUTE_MS, timeZone);
    if (slot > after) return slot;
  }
  throw new Error('a week without its weekday');
}

/** Monday is 1; the first day of 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Hours in which a channel is left alone, by minutes of the day; `from` after `to` runs over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
}

/** When the quiet hours that hold now will end; null if it is not quiet. */
export function quietUntil(quiet: QuietHours | null, now: Date): Date | null {
  if (quiet === null) return null;
  const { from, to, timeZone } = quiet;
  const today = Math.floor(wallClock(now, timeZone) / DAY_MS);
  for (const day of [today - 1, today]) {
    const start = momentOf(day * DAY_MS + from * MINUTE_MS, timeZone);
    const end = momentOf((from < to ? day : day + 1) * DAY_MS + to * MINUTE_MS, timeZone);
    if (start <= now && now < end) return end;
  }
  return null;
}
