import { expect, test } from '@jest/globals';
import { freshForMs, retryAfterMs } from '../../../src/feeds/freshness.js';

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
  [{}, null],
])('%j is fresh for %s ms', (headers, ms) => {
  expect(fresh(headers)).toBe(ms);
});

test('Retry-After is read as seconds or a date, and is never negative nor more than a day', () => {
  expect(retryAfterMs('90', NOW)).toBe(90_000);
  expect(retryAfterMs('Thu, 01 Jan 2026 00:10:00 GMT', NOW)).toBe(600_000);
  expect(retryAfterMs('Thu, 01 Jan 2015 00:10:00 GMT', NOW)).toBe(0);
  expect(retryAfterMs('Thu, 01 Jan 2036 00:10:00 GMT', NOW)).toBe(86_400_000);
  expect(retryAfterMs('-5', NOW)).not.toBeLessThan(0);
  expect(retryAfterMs(null, NOW)).toBeNull();
  expect(retryAfterMs('later', NOW)).toBeNull();
});
