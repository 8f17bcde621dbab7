import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NO_VALIDATORS } from '../../../src/feeds/feed.js';
import type { FetchFailure, FetchOutcome } from '../../../src/feeds/fetch-outcome.js';
import { nextPollAt, pollTrouble, type PollHistory } from '../../../src/feeds/schedule.js';

const NOW = new Date('2026-01-10T00:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const QUIET: PollHistory = { failures: 0, lastNewAt: new Date('2026-01-01T00:00:00Z') };
const LIVELY: PollHistory = { failures: 0, lastNewAt: new Date('2026-01-09T20:00:00Z') };

const unchanged = (freshForMs: number | null): FetchOutcome => ({
  kind: 'unchanged',
  validators: NO_VALIDATORS,
  freshForMs,
});
const failure = (reason: FetchFailure, status: number | null = null): FetchOutcome => ({
  kind: 'failed',
  reason,
  status,
});

function waitMs(outcome: FetchOutcome, history = QUIET, random = 0): number {
  return nextPollAt(outcome, history, NOW, random).getTime() - NOW.getTime();
}

describe('the next poll', () => {
  test('comes after an hour, or half an hour while there is news', () => {
    expect(waitMs(unchanged(null))).toBe(HOUR);
    expect(waitMs(unchanged(null), { failures: 0, lastNewAt: null })).toBe(HOUR);
    expect(waitMs(unchanged(null), LIVELY)).toBe(HOUR / 2);
  });

  test('waits as long as the origin calls its answer fresh, up to a day', () => {
    expect(waitMs(unchanged(5 * HOUR), LIVELY)).toBe(5 * HOUR);
    expect(waitMs(unchanged(1000))).toBe(HOUR);
    expect(waitMs(unchanged(365 * 24 * HOUR))).toBe(24 * HOUR);
  });

  test('waits as long as it is told to, or four hours when it is only told to wait', () => {
    expect(waitMs({ kind: 'throttled', status: 429, retryAfterMs: 7 * HOUR })).toBe(7 * HOUR);
    expect(waitMs({ kind: 'throttled', status: 429, retryAfterMs: null })).toBe(4 * HOUR);
    expect(waitMs({ kind: 'throttled', status: 503, retryAfterMs: 1000 })).toBe(HOUR);
  });

  test('backs off by doubling, to a day', () => {
    const waits = [0, 1, 2, 3, 4, 5, 50].map((failures) => waitMs(failure('dns'), { ...QUIET, failures }) / HOUR);
    expect(waits).toEqual([1, 2, 4, 8, 16, 24, 24]);
    expect(waitMs(failure('challenge', 403))).toBe(4 * HOUR);
  });

  test('is never early, never more than a day and a quarter away, and never off', () => {
    const outcomes = fc.constantFrom<FetchOutcome>({ kind: 'gone' }, failure('timeout'), failure('status', 404), {
      kind: 'throttled',
      status: 429,
      retryAfterMs: null,
    });
    const retry = fc.double({ min: 0, max: 24 * HOUR, noNaN: true });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(outcomes, retry.map(unchanged)), fc.nat(), random, (outcome, failures, chance) => {
        const wait = waitMs(outcome, { ...QUIET, failures }, chance);
        expect(wait).toBeGreaterThanOrEqual(waitMs(outcome, { ...QUIET, failures }, 0));
        expect(wait).toBeGreaterThanOrEqual(HOUR / 2);
        expect(wait).toBeLessThanOrEqual(30 * HOUR);
      }),
    );
  });
});

describe('what a person is told', () => {
  test('nothing while all is well', () => {
    expect(pollTrouble(unchanged(null))).toBeNull();
  });

  test('what was answered and what to do', () => {
    expect(pollTrouble(failure('status', 404))).toBe('answered 404 Not Found: check the address');
    expect(pollTrouble(failure('status', 502))).toBe('answered 502 Bad Gateway: its server has trouble of its own');
    expect(pollTrouble(failure('status', 418))).toBe('answered 418: check the address');
    expect(pollTrouble(failure('challenge', 403))).toMatch(/human visitors/);
    expect(pollTrouble(failure('not-a-feed'))).toMatch(/^is a web page/);
    expect(pollTrouble({ kind: 'gone' })).toMatch(/410 Gone/);
    expect(pollTrouble({ kind: 'throttled', status: 429, retryAfterMs: null })).toMatch(/429 Too Many Requests/);
  });
});
