import { later } from '../../clock.js';
import type { Neighbours, Rest } from '../feed-store.js';
import type { FetchOutcome } from '../fetching/fetch-outcome.js';

const DAY_MS = 24 * 3_600_000;
/** When an origin says "too many requests" without saying for how long. */
const THROTTLED_MS = 4 * 3_600_000;
/** An origin that so many of its feeds call overloaded is overloaded. */
const FEEDS_OF_ORIGIN = 3;

/**
 * Whom to leave alone after an answer. "Too many requests" (429) speaks of us, so for the whole origin, and from two
 * origins of a house for the house; "unavailable" (503) speaks of one feed until three of the origin say it.
 */
export function restAfter(
  outcome: Extract<FetchOutcome, { kind: 'throttled' }>,
  { restingFeeds, throttledOrigins }: Neighbours,
  now: Date,
): Rest | null {
  // A server in trouble that names no time is asked again as after any failure.
  if (outcome.status !== 429 && outcome.retryAfterMs === null) return null;
  const until = later(now, Math.min(outcome.retryAfterMs ?? THROTTLED_MS, DAY_MS));
  if (outcome.status === 429) return { of: throttledOrigins > 0 ? 'domain' : 'origin', until };
  return { of: restingFeeds + 1 >= FEEDS_OF_ORIGIN ? 'origin' : 'feed', until };
}
