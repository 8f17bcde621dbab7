import type { SlackFault } from './faults.js';
import type { Params } from './web-api.js';

/** Slack's limits, by the clock of this process. */
export interface Limits {
  /** What a call that comes now is answered in place of being carried out; null lets it pass. */
  readonly check: (method: string, params: Params) => SlackFault | null;
  /** Calls that were turned away. */
  readonly hits: () => number;
}

export interface LimitOptions {
  /** Per channel: so many messages at once, then one a second. Null for no limit. */
  readonly burst?: number | null;
  readonly perMinute?: Readonly<Record<string, number>>;
}

/** @see https://docs.slack.dev/apis/web-api/rate-limits */
export function createLimits({ burst = null, perMinute = {} }: LimitOptions): Limits {
  const posts = createBuckets(burst, 1_000);
  const methods = new Map(Object.entries(perMinute).map(([name, most]) => [name, createBuckets(most, 60_000 / most)]));
  let hits = 0;
  return {
    check: (method, params) => {
      const channelOpen = method !== 'chat.postMessage' || posts(params['channel'] ?? '');
      if (channelOpen && (methods.get(method)?.(method) ?? true)) return null;
      hits += 1;
      return { kind: 'throttled', retryAfterS: 1 };
    },
    hits: () => hits,
  };
}

/** Token buckets by name: full at first, one more token every so many milliseconds. True: there was one to take. */
function createBuckets(size: number | null, everyMs: number): (name: string) => boolean {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (name) => {
    if (size === null) return true;
    const now = Date.now();
    const { tokens, atMs } = buckets.get(name) ?? { tokens: size, atMs: now };
    const filled = Math.min(size, tokens + Math.max(now - atMs, 0) / everyMs);
    buckets.set(name, { tokens: filled >= 1 ? filled - 1 : filled, atMs: now });
    return filled >= 1;
  };
}
