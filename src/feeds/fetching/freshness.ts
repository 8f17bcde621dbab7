import type { HeaderLookup } from './header-lookup.js';

const DAY_SECONDS = 86_400;
/** Longer says "never changes", and no feed can know that. */
const MAX_FRESH_SECONDS = 365 * DAY_SECONDS;
/** `Thu, 01 Jan 2026 00:00:00 GMT` and its older forms; `Date.parse` also takes bare numbers, for years. */
const LIKE_A_DATE = /[a-z]{3}.*\d:\d\d/i;
/** Commas part directives, except inside a quoted list. */
const DIRECTIVE = /(?:"[^"]*"|[^,"])+/g;

/**
 * How long the origin calls an answer fresh (RFC 9111 §4.2), null if it does not say or forbids to rely on it. We are
 * nobody's shared cache: `s-maxage` is not for us.
 */
export function freshForMs(header: HeaderLookup, now: Date): number | null {
  const directives = cacheDirectives(header('cache-control') ?? '');
  // With an argument it speaks of single headers only.
  if (directives.has('no-store') || directives.get('no-cache') === '') return null;
  const maxAge = directives.get('max-age') ?? '';
  if (/^\d+$/.test(maxAge)) return freshSeconds(Number(maxAge) - ageSeconds(header)) * 1000;
  const expires = header('expires');
  if (expires === null) return null;
  const answeredAt = parseDate(header('date')) ?? now;
  // What is no date means "expired" (RFC 9111 §5.3).
  const expiresAt = parseDate(expires) ?? answeredAt;
  return freshSeconds((expiresAt.getTime() - answeredAt.getTime()) / 1000) * 1000;
}

/** Retry-After in seconds or as a date (RFC 9110 §10.2.3), at most a day; null if absent or unreadable. */
export function retryAfterMs(value: string | null, now: Date): number | null {
  if (value === null) return null;
  const until = parseDate(value);
  const seconds = until ? (until.getTime() - now.getTime()) / 1000 : /^\s*\d+\s*$/.test(value) ? Number(value) : null;
  return seconds === null ? null : Math.min(Math.max(seconds, 0), DAY_SECONDS) * 1000;
}

function parseDate(value: string | null): Date | null {
  const at = value !== null && LIKE_A_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at);
}

function freshSeconds(seconds: number): number {
  return Math.min(Math.max(seconds, 0), MAX_FRESH_SECONDS);
}

/** Of a directive that is given twice the first counts (RFC 9111 §4.2.1). */
function cacheDirectives(value: string): ReadonlyMap<string, string> {
  const directives = (value.match(DIRECTIVE) ?? []).map((part): [string, string] => {
    const [name = '', argument = ''] = part.split('=');
    return [name.trim().toLowerCase(), argument.trim().replace(/^"|"$/g, '')];
  });
  return new Map(directives.reverse());
}

function ageSeconds(header: HeaderLookup): number {
  const age = header('age') ?? '';
  return /^\d+$/.test(age) ? Number(age) : 0;
}
