import type { ApiAnswer } from './api.js';

/** Discord's limits for a whole bot and its address, by the clock of this process. */
export interface Limits {
  /** What a request that comes now is answered in place of being carried out; null lets it pass. */
  readonly check: (route: string) => ApiAnswer | null;
  /** Remembers an answer, for refused requests are counted. */
  readonly answered: (answer: Pick<ApiAnswer, 'status' | 'headers'>) => void;
}

const WINDOW_MS = 600_000;
const INVALID_REQUESTS = 10_000;
const BAN_MS = 3_600_000;
const INVALID = new Set([401, 403, 429]);
/** Interactions are outside the bot's limit. */
const OUTSIDE = /^\w+ \/(?:interactions|webhooks)\//;

/** @see https://docs.discord.com/developers/topics/rate-limits */
export function createLimits(globalPerSecond: number | null): Limits {
  const passed: number[] = [];
  const invalid: number[] = [];
  let bannedUntil = 0;
  return {
    check: (route) => {
      const now = Date.now();
      if (now < bannedUntil) return CLOUDFLARE;
      if (globalPerSecond === null || OUTSIDE.test(route)) return null;
      dropUntil(passed, now - 1_000);
      if (passed.length >= globalPerSecond) return limited(((passed[0] ?? now) + 1_000 - now) / 1_000);
      passed.push(now);
      return null;
    },
    answered: ({ status, headers }) => {
      if (!INVALID.has(status) || headers?.['x-ratelimit-scope'] === 'shared') return;
      const now = Date.now();
      dropUntil(invalid, now - WINDOW_MS);
      invalid.push(now);
      if (invalid.length > INVALID_REQUESTS) bannedUntil = now + BAN_MS;
    },
  };
}

const CLOUDFLARE: ApiAnswer = { status: 429, body: '<!DOCTYPE html><title>Error 1015</title>' };

function limited(retryAfterS: number): ApiAnswer {
  return {
    status: 429,
    headers: {
      'retry-after': String(Math.ceil(retryAfterS)),
      'x-ratelimit-global': 'true',
      'x-ratelimit-scope': 'global',
    },
    body: { message: 'You are being rate limited.', retry_after: retryAfterS, global: true },
  };
}

/** Times are in order; a clock that was set back leaves them as they are. */
function dropUntil(times: number[], at: number): void {
  const kept = times.findIndex((time) => time > at);
  times.splice(0, kept < 0 ? times.length : kept);
}
