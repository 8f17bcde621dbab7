import type { Clock } from '../../src/clock.js';

/**
 * Slack answers fifty looks into histories a minute for each workspace: five at once and one each 1.35 s are 49.
 * @see https://docs.slack.dev/reference/methods/conversations.history (tier 3)
 */
const EVERY_MS = 1_350;
const AHEAD_MS = 4 * EVERY_MS;

/** When histories may be looked into, so that many messages of unknown fate at once are no flood of looks. */
export interface LookPace {
  /** Takes a turn and returns 0, or says in how many milliseconds to come again; each who must gets a time of its own. */
  readonly waitMs: () => number;
  /** Slack says that it was too much all the same. */
  readonly pause: (retryAfterMs: number) => void;
}

export function createLookPace(clock: Clock): LookPace {
  let freeAtMs = 0;
  /** The last time that somebody was told to come again. */
  let promisedMs = 0;
  return {
    waitMs: () => {
      const nowMs = clock().getTime();
      if (freeAtMs - AHEAD_MS <= nowMs) {
        freeAtMs = Math.max(freeAtMs, nowMs) + EVERY_MS;
        return 0;
      }
      promisedMs = Math.max(promisedMs + EVERY_MS, freeAtMs - AHEAD_MS);
      return promisedMs - nowMs;
    },
    pause: (retryAfterMs) => {
      freeAtMs = Math.max(freeAtMs, clock().getTime() + retryAfterMs + AHEAD_MS);
    },
  };
}
