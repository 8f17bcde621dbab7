import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { later } from '../../../src/clock.js';
import { weeklyOf, type Arrival, type Looked } from '../../../src/deliveries/weekly.js';

const NOW = new Date('2026-03-29T00:00:00Z');
const DAY_MS = 86_400_000;
const daysAgo = (days: number): Date => later(NOW, -days * DAY_MS);
const looked = (followedDays: number, over: Partial<Looked> = {}): Looked => {
  return {
    now: NOW,
    firstFollowedAt: daysAgo(followedDays),
    lastFollowedAt: daysAgo(followedDays),
    reachesTo: null,
    ...over,
  };
};
/** One post on each of the last days, of a feed followed for so long. */
const daily = (days: number, followedDays: number): Arrival[] =>
  Array.from({ length: days }, (_, day) => ({ arrivedAt: daysAgo(day + 0.5), followedSince: daysAgo(followedDays) }));

describe('how many posts a week', () => {
  test.each([
    ['four weeks, however long a feed is followed', daily(100, 400), looked(400), 7, 'about', 28],
    ['the time since it is followed, when that is shorter', daily(4, 4), looked(4), 7, 'about', 4],
    [
      'the reach of the posts that were looked at',
      daily(2, 400),
      looked(400, { reachesTo: daysAgo(2) }),
      7,
      'about',
      2,
    ],
    ['never less than a day', daily(1, 400), looked(400, { reachesTo: daysAgo(0.6) }), 7, 'at-least', 1],
    ['each feed by its own time', [...daily(28, 400), ...daily(2, 2)], looked(400), 14, 'about', 28],
    ['nothing at all', [], looked(400), 0, 'about', 28],
  ] as const)('is measured over %s', (...[, arrivals, over, perWeek, precision, days]) => {
    const weekly = weeklyOf(arrivals, over);
    expect(weekly).toEqual({ kind: 'measured', perWeek: expect.closeTo(perWeek), precision, overMs: days * DAY_MS });
  });

  test('is at least so many while a feed has been followed for less than a day', () => {
    const weekly = weeklyOf(daily(28, 28), looked(28, { lastFollowedAt: daysAgo(0.1) }));
    expect(weekly).toMatchObject({ kind: 'measured', precision: 'at-least' });
  });

  test('cannot be said on the first day, nor before anything was read', () => {
    expect(weeklyOf(daily(1, 1), looked(0.9))).toEqual({ kind: 'too-early' });
    expect(weeklyOf([], looked(1, { firstFollowedAt: null, lastFollowedAt: null }))).toEqual({ kind: 'unread' });
  });

  test('lies, of posts at an even pace, within one post of that pace over the time it is measured', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.5, max: 40, noNaN: true }),
        (followed, perDay) => {
          const gap = 1 / perDay;
          const count = Math.floor(followed / gap);
          const arrivals = Array.from({ length: count }, (_, index) => {
            return { arrivedAt: daysAgo((index + 0.5) * gap), followedSince: daysAgo(followed) };
          });
          const weekly = weeklyOf(arrivals, looked(followed));
          const perPost = 7 / Math.min(28, followed);
          expect(weekly.kind === 'measured' && Math.abs(weekly.perWeek - 7 * perDay)).toBeLessThanOrEqual(
            perPost + 1e-6,
          );
        },
      ),
    );
  });
});
