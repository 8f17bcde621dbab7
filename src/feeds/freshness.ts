import type { HeaderLookup } from './header-lookup.js';

const DAY_SECONDS = 86_400;

/** How long the origin calls an answer fresh (RFC 9111 §4.2), null if it does not say or forbids to rely on it. */
export function freshForMs(header: HeaderLookup, now: Date): number | null {
  const directives = cacheDirectives(header('cache-control') ?? '');
  if (directives.has('no-store') || directives.has('no-cache')) return null;
  const maxAgeSeconds = directives.get('max-age');
  if (maxAgeSeconds !== undefined && /^\d+$/.test(maxAgeSeconds)) {
    return Math.max(0, Number(maxAgeSeconds) - ageSeconds(header)) * 1000;
  }
  const expiresAt = Date.parse(header('expires') ?? '');
  if (Number.isNaN(expiresAt)) return null;
  const answeredAt = Date.parse(header('date') ?? '');
  return Math.max(0, expiresAt - (Number.isNaN(answeredAt) ? now.getTime() : answeredAt));
}

/** Retry-After in seconds or as a date (RFC 9110 §10.2.3), at most a day; null if absent or unreadable. */
export function retryAfterMs(value: string | null, now: Date): number | null {
  if (value === null) return null;
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), DAY_SECONDS) * 1000;
}

function cacheDirectives(value: string): ReadonlyMap<string, string> {
  return new Map(
    value.split(',').map((part) => {
      const [name = '', argument = ''] = part.split('=');
      return [name.trim().toLowerCase(), argument.trim().replace(/^"|"$/g, '')];
    }),
  );
}

function ageSeconds(header: HeaderLookup): number {
  const age = header('age') ?? '';
  return /^\d+$/.test(age) ? Number(age) : 0;
}
