import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { later } from '../../../../src/clock.js';
import { NO_VALIDATORS, type PollHistory } from '../../../../src/feeds/feed.js';
import type { FetchFailure, FetchOutcome } from '../../../../src/feeds/fetching/fetch-outcome.js';
import { nextPollAt } from '../../../../src/feeds/schedule/schedule.js';
import { memoryFeed } from '../../../support/memory-stores.js';

/** A Saturday. */
const NOW = new Date('2026-01-10T00:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function feed(rest: Partial<PollHistory> = {}): PollHistory {
  return { ...memoryFeed('https://x.example/feed'), primedAt: later(NOW, -DAY), ...rest };
}

/** News at these times before now. */
const news = (...agoMs: number[]) => ({ newAt: agoMs.map((ms) => later(NOW, -ms)) });
const every = (ms: number, times: number) => news(...Array.from({ length: times }, (_, index) => ms * (times - index)));
const conditions = (work: boolean | null) => ({ conditions: { send: 'all', identical: 0, work } as const });
const hints = (some: Partial<PollHistory['hints']>) => ({
  hints: { freshForMs: null, skipHours: [], skipDays: [], ...some },
});

const unchanged = (freshForMs: number | null = null): FetchOutcome => ({
  kind: 'unchanged',
  validators: NO_VALIDATORS,
  freshForMs,
  movedTo: null,
});
const failure = (reason: FetchFailure, status: number | null = null): FetchOutcome => ({
  kind: 'failed',
  reason,
  status,
});

function waitMs(outcome: FetchOutcome, history: PollHistory = feed(), random = 0): number {
  return (nextPollAt(outcome, history, NOW, random)?.getTime() ?? Infinity) - NOW.getTime();
}

describe('how often a feed is polled while all is well', () => {
  test('half the usual time between its news, within an hour and a day', () => {
    expect(waitMs(unchanged(), feed(every(10 * HOUR, 10)))).toBe(5 * HOUR);
    expect(waitMs(unchanged(), feed(every(3 * DAY, 10)))).toBe(DAY);
    expect(waitMs(unchanged(), feed(every(HOUR / 2, 3)))).toBe(HOUR / 4);
    expect(waitMs(unchanged(), feed())).toBe(HOUR);
  });

  test('down to a quarter of an hour only when news come at least four times a day', () => {
    expect(waitMs(unchanged(), feed(every(20 * MINUTE, 21)))).toBe(15 * MINUTE);
    expect(waitMs(unchanged(), feed(news(5 * DAY, 5 * DAY - 600_000, 5 * DAY - 1_200_000)))).toBe(HOUR);
  });

  test('more rarely after a week and after a month without news', () => {
    expect(waitMs(unchanged(), feed({ primedAt: later(NOW, -7 * DAY) }))).toBe(6 * HOUR);
    expect(waitMs(unchanged(), feed({ primedAt: later(NOW, -30 * DAY) }))).toBe(DAY);
    expect(waitMs(unchanged(), feed(news(8 * DAY)))).toBe(6 * HOUR);
  });

  test('every hour as long as somebody waits and the origin answers "not modified", however quiet it is', () => {
    const quiet = { primedAt: later(NOW, -90 * DAY), subscribers: 1 };
    expect(waitMs(unchanged(), feed({ ...quiet, ...conditions(true) }))).toBe(HOUR);
    expect(waitMs(unchanged(), feed({ ...quiet, ...conditions(true), subscribers: 0 }))).toBe(DAY);
    expect(waitMs(unchanged(), feed({ ...quiet, ...conditions(null) }))).toBe(DAY);
  });

  test('sparingly when every answer is the whole document, unless half of them bring news', () => {
    expect(waitMs(unchanged(), feed({ ...conditions(false), subscribers: 1 }))).toBe(6 * HOUR);
    expect(waitMs(unchanged(), feed({ ...conditions(false), primedAt: later(NOW, -8 * DAY) }))).toBe(DAY);
    expect(waitMs(unchanged(), feed({ ...conditions(false), newShare: 0.5 }))).toBe(HOUR);
  });

  test('once a day while its hub pushes, as often as the operator says, and twice as often after a gap', () => {
    expect(waitMs(unchanged(), feed({ pushedUntil: later(NOW, DAY) }))).toBe(DAY);
    expect(waitMs(unchanged(), feed({ pushedUntil: NOW }))).toBe(HOUR);
    const marked = {
      settings: { everyMs: 5 * MINUTE, verifyTls: true, pagePictures: false, announceOld: false, repostUpdates: false },
    };
    expect(waitMs(unchanged(), feed({ ...marked, primedAt: later(NOW, -30 * DAY) }))).toBe(5 * MINUTE);
    expect(waitMs(unchanged(), feed({ ...every(10 * HOUR, 10), gapAt: later(NOW, -DAY) }))).toBe(2.5 * HOUR);
    expect(waitMs(unchanged(), feed({ gapAt: later(NOW, -DAY) }))).toBe(HOUR);
    expect(waitMs(unchanged(), feed({ ...marked, gapAt: later(NOW, -DAY) }))).toBe(5 * MINUTE);
  });

  test('no sooner than the answer or the document goes stale, up to a day', () => {
    expect(waitMs(unchanged(5 * HOUR))).toBe(5 * HOUR);
    expect(waitMs(unchanged(1000))).toBe(HOUR);
    expect(waitMs(unchanged(365 * DAY))).toBe(DAY);
    expect(waitMs(unchanged(2 * HOUR), feed(hints({ freshForMs: 3 * HOUR })))).toBe(3 * HOUR);
  });

  test('not in hours and on days that the publisher skips, unless that would take more than a day', () => {
    expect(waitMs(unchanged(), feed(hints({ skipHours: [1, 2, 3] })))).toBe(4 * HOUR);
    expect(waitMs(unchanged(), feed(hints({ skipDays: [6] })))).toBe(DAY);
    expect(waitMs(unchanged(), feed(hints({ skipDays: [6, 0] })))).toBe(HOUR);
  });
});

describe('when a poll brought nothing', () => {
  test('it waits as long as it is told to', () => {
    expect(waitMs({ kind: 'throttled', status: 429, retryAfterMs: 7 * HOUR })).toBe(7 * HOUR);
    expect(waitMs({ kind: 'throttled', status: 503, retryAfterMs: 1000 })).toBe(HOUR);
  });

  test('it backs off by doubling, to a day, and after a month to a week', () => {
    const waits = [1, 2, 3, 4, 5, 6, 50].map((failures) => waitMs(failure('dns'), feed({ failures })) / HOUR);
    expect(waits).toEqual([1, 2, 4, 8, 16, 24, 24]);
    expect(waitMs(failure('challenge', 403), feed({ failures: 1 }))).toBe(4 * HOUR);
    expect(waitMs(failure('timeout'), feed({ failures: 40, failingSince: later(NOW, -30 * DAY) }))).toBe(7 * DAY);
  });

  test('it ends only when the publisher says "gone" twice with a day between', () => {
    expect(waitMs({ kind: 'gone' }, feed({ goneSince: NOW }))).toBe(DAY);
    expect(nextPollAt({ kind: 'gone' }, feed({ goneSince: later(NOW, -DAY) }), NOW, 0)).toBeNull();
  });
});

/** How long the origin asked to be left alone. */
function askedMs(outcome: FetchOutcome): number {
  if (outcome.kind === 'throttled') return outcome.retryAfterMs ?? 0;
  return outcome.kind === 'unchanged' ? (outcome.freshForMs ?? 0) : 0;
}

describe('whatever happened', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const agoMs = fc.nat(400 * DAY);
  const dateOrNull = fc.option(agoMs.map((ms) => later(NOW, -ms)));
  const history = fc.record<Partial<PollHistory>>({
    failures: fc.nat(1000),
    failingSince: dateOrNull,
    newAt: fc.array(agoMs, { maxLength: 21 }).map((all) => news(...all.sort((a, b) => b - a)).newAt),
    newShare: fc.double({ min: 0, max: 1, noNaN: true }),
    primedAt: dateOrNull,
    gapAt: dateOrNull,
    pushedUntil: dateOrNull,
    subscribers: fc.nat(3),
    conditions: fc.constantFrom(null, true, false).map((work) => conditions(work).conditions),
    hints: fc.record({
      freshForMs: fc.option(fc.nat(1000 * DAY)),
      skipHours: fc.uniqueArray(fc.nat(23)),
      skipDays: fc.uniqueArray(fc.nat(6)),
    }),
  });
  const freshForMs = fc.option(fc.nat(1000 * DAY));
  const outcome = fc.oneof(
    freshForMs.map(unchanged),
    fc.constantFrom(failure('timeout'), failure('challenge', 403), failure('status', 404)),
    fc.record({ kind: fc.constant('throttled' as const), status: fc.constantFrom(429, 503), retryAfterMs: freshForMs }),
  );

  test('the next poll is never early, never off, and never more than a few days away while the feed answers', () => {
    fc.assert(
      fc.property(outcome, history, random, (what, past, chance) => {
        const wait = waitMs(what, feed(past), chance);
        expect(wait).toBeGreaterThanOrEqual(15 * MINUTE);
        expect(wait).toBeLessThanOrEqual(what.kind === 'unchanged' ? 2.25 * DAY : 8.75 * DAY);
        expect(wait).toBeGreaterThanOrEqual(Math.min(askedMs(what), DAY));
      }),
    );
  });

  test('chance moves it later, by a quarter at most', () => {
    fc.assert(
      fc.property(outcome, history, random, (what, past, chance) => {
        const plain = feed({ ...past, ...hints({}) });
        const least = waitMs(what, plain, 0);
        const wait = waitMs(what, plain, chance);
        expect(wait).toBeGreaterThanOrEqual(least);
        expect(wait).toBeLessThanOrEqual(Math.ceil(least * 1.25));
      }),
    );
  });

  test('a subscriber never makes it slower', () => {
    fc.assert(
      fc.property(history, (past) => {
        const one = feed({ ...past, subscribers: 0 });
        expect(waitMs(unchanged(), { ...one, subscribers: 1 })).toBeLessThanOrEqual(waitMs(unchanged(), one));
      }),
    );
  });
});
