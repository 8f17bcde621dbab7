import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { later } from '../../../src/clock.js';
import { afterInvalid, DEFAULT_PACE, nextSlot, shareOf, type Pace } from '../../../src/deliveries/pace.js';

const MINUTE_MS = 60_000;
const NOW = new Date('2026-03-04T12:00:00Z');
const minutesAgo = (...minutes: number[]) => minutes.map((each) => later(NOW, -each * MINUTE_MS));
const waitMinutes = (sentAt: readonly Date[], pace: Pace) =>
  (nextSlot(sentAt, pace, NOW).getTime() - NOW.getTime()) / MINUTE_MS;

describe('the next slot', () => {
  test.each([
    { channel: 'a quiet channel', sentAgo: [], pace: { perHour: 2, burst: 1 }, wait: 0 },
    { channel: 'no limits', sentAgo: [0, 0, 0, 0], pace: { perHour: null, burst: null }, wait: 0 },
    { channel: 'room within the hour', sentAgo: [5], pace: { perHour: 2, burst: null }, wait: 0 },
    { channel: 'a full hour', sentAgo: [5, 50], pace: { perHour: 2, burst: null }, wait: 10 },
    { channel: 'an hour that has just passed', sentAgo: [5, 60], pace: { perHour: 2, burst: null }, wait: 0 },
    { channel: 'a full ten minutes', sentAgo: [1, 4], pace: { perHour: null, burst: 2 }, wait: 6 },
    { channel: 'both full: the later holds', sentAgo: [1, 4], pace: { perHour: 2, burst: 2 }, wait: 56 },
    { channel: 'the default, after five at once', sentAgo: [0, 0, 0, 0, 0], pace: DEFAULT_PACE, wait: 10 },
  ])('$channel: $wait minutes', ({ sentAgo, pace, wait }) => {
    expect(waitMinutes(minutesAgo(...sentAgo), pace)).toBe(wait);
  });
});

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Posts that arrive at these times, each sent as soon as the pace allows. Times are ms since the day began. */
function sentThroughTheDay(arrivals: readonly number[], pace: Pace): Date[] {
  let clock = NOW;
  const newestFirst: Date[] = [];
  for (const arrival of [...arrivals].sort((a, b) => a - b)) {
    clock = new Date(Math.max(clock.getTime(), later(NOW, arrival).getTime()));
    const lastHour = newestFirst.filter((at) => at > later(clock, -HOUR_MS));
    clock = nextSlot(lastHour, pace, clock);
    newestFirst.unshift(clock);
  }
  return newestFirst.reverse();
}

function mostWithin(windowMs: number, sentAt: readonly Date[]): number {
  return Math.max(0, ...sentAt.map((from) => sentAt.filter((at) => at >= from && at < later(from, windowMs)).length));
}

describe('through a day', () => {
  const bursts = fc
    .array(fc.tuple(fc.nat(DAY_MS), fc.integer({ min: 1, max: 30 })), { maxLength: 12 })
    .map((each) => each.flatMap(([at, count]) => Array.from({ length: count }, () => at)));
  const limit = fc.option(fc.integer({ min: 1, max: 25 }));
  const pace = fc.record({ perHour: limit, burst: limit });

  test('no hour and no ten minutes ever hold more than the pace allows', () => {
    fc.assert(
      fc.property(bursts, pace, (arrivals, limits) => {
        const sent = sentThroughTheDay(arrivals, limits);
        expect(mostWithin(HOUR_MS, sent)).toBeLessThanOrEqual(limits.perHour ?? Infinity);
        expect(mostWithin(10 * MINUTE_MS, sent)).toBeLessThanOrEqual(limits.burst ?? Infinity);
      }),
    );
  });

  test('nobody waits without need: a post waits only while the hour or the ten minutes before it are full', () => {
    fc.assert(
      fc.property(bursts, pace, (arrivals, limits) => {
        const sorted = [...arrivals].sort((a, b) => a - b);
        const sent = sentThroughTheDay(arrivals, limits);
        const needless = sent.filter((at, index) => {
          const waited = at > later(NOW, sorted[index] ?? 0);
          const before = sent.slice(0, index);
          const full = (windowMs: number, most: number | null) =>
            most !== null && before.filter((each) => each >= later(at, -windowMs)).length >= most;
          return (
            waited &&
            at > (before.at(-1) ?? NOW) &&
            !full(HOUR_MS, limits.perHour) &&
            !full(10 * MINUTE_MS, limits.burst)
          );
        });
        expect(needless).toEqual([]);
      }),
    );
  });
});

test('workspaces whose requests hang never hold all hands, and one that is alone may use half', () => {
  const hands = 128;
  let free = hands;
  const held: number[] = [];
  for (let workspace = 0; workspace < 6; workspace += 1) {
    // It asks until it gets no more.
    let own = 0;
    for (let more = shareOf(free, own); more > 0; more = shareOf(free, own)) {
      own += more;
      free -= more;
    }
    held.push(own);
  }
  expect(held[0]).toBe(64);
  expect(free).toBeGreaterThan(0);
  expect(held.every((own) => own > 0)).toBe(true);
});

test('a share is never more than what is free', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (free, underWay) => {
      expect(shareOf(free, underWay)).toBeLessThanOrEqual(free);
      expect(shareOf(free, underWay)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('invalid requests are counted for ten minutes, and the bot rests well before a ban', () => {
  const start = { count: 0, since: NOW };
  expect(afterInvalid(start, 4_999, later(NOW, 1_000)).restUntil).toBeNull();
  const many = afterInvalid({ count: 4_990, since: NOW }, 10, later(NOW, 1_000));
  expect(many.restUntil).toEqual(later(NOW, 10 * MINUTE_MS));
  expect(afterInvalid(many, 3, later(NOW, 10 * MINUTE_MS))).toMatchObject({ count: 3, restUntil: null });
  // A clock that was put back must not make the window last.
  expect(afterInvalid(many, 3, later(NOW, -HOUR_MS)).since).toEqual(later(NOW, -HOUR_MS));
});
