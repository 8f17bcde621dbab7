const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const LOOK_BACK_MS = 4 * WEEK_MS;

/** A post that would have been sent. */
export interface Arrival {
  readonly arrivedAt: Date;
  /** When the first document of its feed was stored. */
  readonly followedSince: Date;
}

/** What the posts were looked for in. */
export interface Looked {
  readonly now: Date;
  /** When the first of the feeds was first read; null: none has been. */
  readonly firstFollowedAt: Date | null;
  /** When the last of them was. */
  readonly lastFollowedAt: Date | null;
  /** Posts older than that were not looked at; null: all were. */
  readonly reachesTo: Date | null;
}

/** How many posts a week to expect. */
export type Weekly =
  | { readonly kind: 'unread' }
  | { readonly kind: 'too-early' }
  | {
      readonly kind: 'measured';
      readonly perWeek: number;
      readonly precision: 'about' | 'at-least';
      /** Over how long. */
      readonly overMs: number;
    };

/**
 * What arrived in the last four weeks, feed by feed: a feed counts over the time it has been followed, so one that was
 * added yesterday neither thins the figure out nor is thinned out. Nothing is made of less than a day.
 */
export function weeklyOf(arrivals: readonly Arrival[], looked: Looked): Weekly {
  const { now, firstFollowedAt, lastFollowedAt, reachesTo } = looked;
  if (firstFollowedAt === null) return { kind: 'unread' };
  const since = (at: Date): number => now.getTime() - at.getTime();
  if (since(firstFollowedAt) < DAY_MS) return { kind: 'too-early' };
  const reachMs = Math.min(LOOK_BACK_MS, reachesTo === null ? Infinity : since(reachesTo));
  const perWeek = arrivals
    .filter(({ arrivedAt }) => since(arrivedAt) < LOOK_BACK_MS)
    .reduce((sum, { followedSince }) => sum + WEEK_MS / Math.max(DAY_MS, Math.min(reachMs, since(followedSince))), 0);
  const tooShort = reachMs < DAY_MS || (lastFollowedAt !== null && since(lastFollowedAt) < DAY_MS);
  const overMs = Math.max(DAY_MS, Math.min(reachMs, since(firstFollowedAt)));
  return { kind: 'measured', perWeek, precision: tooShort ? 'at-least' : 'about', overMs };
}
