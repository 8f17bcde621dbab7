import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextSlotAt, quietUntil } from '../../../src/subscriptions/next-slot.js';
import { scheduleText, whenText, type When } from '../../../src/subscriptions/schedule.js';
import { readWhen } from '../../../src/subscriptions/when.js';
import { momentOf, wallClock } from '../../../src/subscriptions/zone.js';

test.each([
  ['now', 'now', null],
  ['at once', 'now', null],
  ['Hourly', 'hourly', null],
  ['every hour', 'hourly', null],
  ['daily 08:30', 'daily 08:30', null],
  ['daily at 8.30', 'daily 08:30', null],
  ['8:30am', 'daily 08:30', null],
  ['daily 8:30 pm', 'daily 20:30', null],
  ['daily 12am', 'daily 00:00', null],
  ['weekly fri 16:00', 'weekly fri 16:00', null],
  ['every Friday at 4pm', 'weekly fri 16:00', null],
  ['weekly, thursdays 7:05', 'weekly thu 07:05', null],
  ['daily 08:30 Europe/Berlin', 'daily 08:30', 'Europe/Berlin'],
  ['daily 08:30 europe/berlin', 'daily 08:30', 'Europe/Berlin'],
  ['daily 08:30 Tokyo', 'daily 08:30', 'Asia/Tokyo'],
  ['daily 08:30 utc', 'daily 08:30', 'UTC'],
])('"%s" is read as "%s"', (typed, text, timeZone) => {
  const read = readWhen(typed);
  expect(read.kind === 'when' ? [whenText(read.when), read.timeZone] : read).toEqual([text, timeZone]);
});

test.each([
  ['dialy 08:30', 'Did you mean "daily"?'],
  ['weekly fridya 16:00', 'Did you mean "friday"?'],
  ['daily 08:30 Europe/Berln', 'Did you mean "Europe/Berlin"?'],
  ['daily', 'daily 08:30'],
  ['weekly fri', 'weekly fri 16:00'],
  ['weekly 16:00', 'weekly fri 16:00'],
  ['daily 25:00', 'no time of day'],
  ['daily 8:75', 'no time of day'],
  ['hourly 08:30', 'hourly takes no time'],
  ['soon', 'Write now, hourly'],
])('"%s" is answered with what to type', (typed, said) => {
  const read = readWhen(typed);
  expect(read.kind === 'trouble' ? read.text : read).toContain(said);
});

const daily = (minute: number): When => ({ kind: 'daily', minute });
test.each([
  ['a usual day', 'Europe/Berlin', daily(510), '2026-03-02T00:00Z', '2026-03-02T07:30Z'],
  ['a time that is over goes to the next day', 'Europe/Berlin', daily(510), '2026-03-02T07:30Z', '2026-03-03T07:30Z'],
  ['02:30 that does not exist is 03:00', 'Europe/Berlin', daily(150), '2026-03-28T12:00Z', '2026-03-29T01:00Z'],
  ['02:30 the day after the change', 'Europe/Berlin', daily(150), '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  ['02:30 that comes twice is the first', 'Europe/Berlin', daily(150), '2026-10-24T12:00Z', '2026-10-25T00:30Z'],
  ['and not the second', 'Europe/Berlin', daily(150), '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ['half an hour of change', 'Australia/Lord_Howe', daily(135), '2026-10-03T00:00Z', '2026-10-03T15:30Z'],
  ['an odd offset', 'Asia/Kathmandu', daily(510), '2026-05-01T00:00Z', '2026-05-01T02:45Z'],
  ['midnight that does not exist', 'Africa/Cairo', daily(0), '2026-04-23T12:00Z', '2026-04-23T22:00Z'],
  ['midnight that comes twice', 'America/Havana', daily(30), '2026-10-31T12:00Z', '2026-11-01T04:30Z'],
  ['a Friday', 'UTC', { kind: 'weekly', weekday: 5, minute: 960 }, '2026-03-06T16:00Z', '2026-03-13T16:00Z'],
  ['a day that was skipped whole', 'Pacific/Apia', daily(510), '2011-12-30T00:00Z', '2011-12-30T10:00Z'],
  ['hourly', 'UTC', { kind: 'hourly' }, '2026-03-02T10:00Z', '2026-03-02T11:00Z'],
] as const)('%s', (...[, timeZone, when, after, slot]) => {
  expect(nextSlotAt({ when, timeZone }, new Date(after)).toISOString()).toBe(new Date(slot).toISOString());
});

const ZONES = Intl.supportedValuesOf('timeZone');
const moment = fc.date({ min: new Date('2005-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });

test('in every zone and year, a day has one slot: at its time, or where the clocks skip that, at the change', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), moment, fc.nat(1439), (timeZone, start, minute) => {
      let after = start;
      for (let count = 0; count < 4; count += 1) {
        const slot = nextSlotAt({ when: daily(minute), timeZone }, after);
        expect(slot.getTime()).toBeGreaterThan(after.getTime());
        const late = wallClock(slot, timeZone) / 60_000 - minute;
        const minutes = ((late % 1440) + 1440) % 1440;
        // A change of clocks puts a slot off by its own length.
        const before = wallClock(new Date(slot.getTime() - 60_000), timeZone);
        const change = wallClock(slot, timeZone) - before - 60_000;
        expect(minutes === 0 || change > 0).toBe(true);
        expect(count === 0 || Math.abs(slot.getTime() - after.getTime() - 86_400_000) <= 86_400_000).toBe(true);
        after = slot;
      }
    }),
    { numRuns: 500 },
  );
});

test('the moment of a wall clock is the first that has come to it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), moment, (timeZone, at) => {
      const wall = Math.floor(at.getTime() / 60_000) * 60_000;
      const found = momentOf(wall, timeZone);
      expect(wallClock(found, timeZone)).toBeGreaterThanOrEqual(wall);
      expect(wallClock(new Date(found.getTime() - 60_000), timeZone)).toBeLessThan(wall);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['before', '2026-03-02T20:59Z', null],
  ['as they begin', '2026-03-02T21:00Z', '2026-03-03T06:00Z'],
  ['after midnight', '2026-03-03T03:00Z', '2026-03-03T06:00Z'],
  ['as they end', '2026-03-03T06:00Z', null],
  ['in the night of the change', '2026-03-28T22:00Z', '2026-03-29T05:00Z'],
])('quiet from 22:00 to 07:00 in Berlin: %s', (_, now, until) => {
  const quiet = { from: 22 * 60, to: 7 * 60, timeZone: 'Europe/Berlin' };
  expect(quietUntil(quiet, new Date(now))).toEqual(until === null ? null : new Date(until));
});

test('a schedule says its time zone where that decides anything', () => {
  expect(scheduleText({ when: { kind: 'hourly' }, timeZone: 'UTC' })).toBe('hourly');
  expect(scheduleText({ when: daily(510), timeZone: 'Asia/Tokyo' })).toBe('daily 08:30 Asia/Tokyo');
});
