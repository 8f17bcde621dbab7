import { expect, test } from '@jest/globals';
import { freshForMs, retryAfterMs } from '../../../../src/feeds/fetching/freshness.js';

const NOW = new Date('2026-01-01T00:00:00Z');

function fresh(headers: Readonly<Record<string, string>>): number | null {
  return freshForMs((name) => headers[name] ?? null, NOW);
}

test.each([
  [{ 'cache-control': 'public, max-age=600' }, 600_000],
  [{ 'cache-control': 'Max-Age="600"' }, 600_000],
  [{ 'cache-control': 'max-age=600', age: '500' }, 100_000],
  [{ 'cache-control': 'max-age=600', age: '900' }, 0],
  [{ 'cache-control': 'max-age=600', expires: 'Thu, 01 Jan 2026 09:00:00 GMT' }, 600_000],
  [{ expires: 'Thu, 01 Jan 2026 01:00:00 GMT' }, 3_600_000],
  [{ expires: 'Thu, 01 Jan 2026 01:00:00 GMT', date: 'Thu, 01 Jan 2026 00:30:00 GMT' }, 1_800_000],
  [{ expires: 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
  [{ expires: '0' }, 0],
  [{ 'cache-control': 'no-cache, max-age=600' }, null],
  [{ 'cache-control': 'no-store', expires: 'Thu, 01 Jan 2026 01:00:00 GMT' }, null],
  [{ 'cache-control': 'max-age=soon' }, null],
  [{ 'cache-control': 'private, no-cache="set-cookie, x-id", max-age=600' }, 600_000],
  [{ 'cache-control': 'max-age=600, max-age=900' }, 600_000],
  [{ 'cache-control': 's-maxage=900' }, null],
  [{ 'cache-control': 's-maxage=900, max-age=600, immutable, must-revalidate' }, 600_000],
  [{ 'cache-control': `max-age=${'9'.repeat(400)}` }, 31_536_000_000],
  [{ 'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT' }, null],
  [{ expires: '-1' }, 0],
  [{ expires: '20380101' }, 0],
  [{ expires: 'never' }, 0],
  [{ expires: 'Thursday, 01-Jan-26 01:00:00 GMT' }, 3_600_000],
  [{}, null],
])('%j is fresh for %s ms', (headers, ms) => {
  expect(fresh(headers)).toBe(ms);
});

test('Retry-After is read as seconds or a date, and is never negative nor more than a day', () => {
  expect(retryAfterMs('90', NOW)).toBe(90_000);
  expect(retryAfterMs('Thu, 01 Jan 2026 00:10:00 GMT', NOW)).toBe(600_000);
  expect(retryAfterMs('Thu, 01 Jan 2015 00:10:00 GMT', NOW)).toBe(0);
  expect(retryAfterMs('Thu, 01 Jan 2036 00:10:00 GMT', NOW)).toBe(86_400_000);
  expect(retryAfterMs('-5', NOW)).toBeNull();
  expect(retryAfterMs('120.5', NOW)).toBeNull();
  expect(retryAfterMs('', NOW)).toBeNull();
  expect(retryAfterMs(' 0 ', NOW)).toBe(0);
  expect(retryAfterMs(null, NOW)).toBeNull();
  expect(retryAfterMs('later', NOW)).toBeNull();
});
