import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDate } from '../../../../src/feeds/reading/feed-date.js';

test.each([
  ['2026-02-03T04:05:06Z', '2026-02-03T04:05:06.000Z'],
  ['2026-02-03T04:05:06.789+05:30', '2026-02-02T22:35:06.789Z'],
  ['2026-02-03 04:05', '2026-02-03T04:05:00.000Z'],
  ['2026-02-03', '2026-02-03T00:00:00.000Z'],
  ['2026-02', '2026-02-01T00:00:00.000Z'],
  ['20260203T040506Z', '2026-02-03T04:05:06.000Z'],
  ['Tue, 03 Feb 2026 04:05:06 GMT', '2026-02-03T04:05:06.000Z'],
  ['Tue, 3 Feb 26 04:05 -0800', '2026-02-03T12:05:00.000Z'],
  ['tue, 03 february 2026 04:05:06 est', '2026-02-03T09:05:06.000Z'],
  ['Wrongday, 3rd Feb 2026 04:05:06 +01:00', '2026-02-03T03:05:06.000Z'],
  ['Tue Feb 03 2026 04:05:06 GMT+0100 (Central European Standard Time)', '2026-02-03T03:05:06.000Z'],
  ['Tue Feb 3 04:05:06 +0000 2026', '2026-02-03T04:05:06.000Z'],
  ['Feb 3, 2026, 4:05 p.m.', '2026-02-03T16:05:00.000Z'],
  ['02/03/2026 12:05 am', '2026-02-03T00:05:00.000Z'],
  ['25/12/2026', '2026-12-25T00:00:00.000Z'],
  ['03.02.2026 04:05', '2026-02-03T04:05:00.000Z'],
  ['mardi 3 février 2026 04:05:06', '2026-02-03T04:05:06.000Z'],
  ['mar., 03 févr. 2026 04:05:06 +0000', '2026-02-03T04:05:06.000Z'],
  ['Di, 03 Dez 2026', '2026-12-03T00:00:00.000Z'],
])('"%s" is %s', (text, iso) => {
  expect(readDate(text)?.toISOString()).toBe(iso);
});

test.each([
  '',
  'yesterday',
  '2026-02-30',
  '0000-00-00T00:00:00Z',
  '1 Smarch 2026',
  '12345',
  '2026-13-01',
  'Thu, 01 Jan 1969',
])('"%s" is no date', (text) => {
  expect(readDate(text)).toBeNull();
});

test('every date comes back from its two standard spellings, and no text is too strange', () => {
  const dates = fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      expect(readDate(date.toISOString())).toEqual(date);
      expect(readDate(date.toUTCString())?.toUTCString()).toBe(date.toUTCString());
    }),
  );
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('0', '1', '2', '9', '-', '/', ':', '.', ' ', 'T', 'Z', 'pm', '+', 'Jan', 'mar'),
      }),
      (text) => {
        expect(readDate(text)?.getTime()).not.toBeNaN();
      },
    ),
  );
});

describe('spellings of other places', () => {
  test.each([
    ['2026年2月3日(火) 4時5分6秒', '2026-02-03T04:05:06Z'],
    ['2026年2月3日 下午4:05', '2026-02-03T16:05:00Z'],
    ['午後4:05 2026/02/03', '2026-02-03T16:05:00Z'],
    ['2026년 2월 3일 오후 4:05', '2026-02-03T07:05:00Z'],
    ['٣ فبراير ٢٠٢٦', '2026-02-03T00:00:00Z'],
    ['3 בפברואר 2026', '2026-02-03T00:00:00Z'],
    ['3 tháng 2 năm 2026', '2026-02-03T00:00:00Z'],
    ['Вт, 03 фев 2026 04:05:06 +0300', '2026-02-03T01:05:06Z'],
    ['út, 03 úno 2026 10:00', '2026-02-03T10:00:00Z'],
    ['mardi 3 août 2026 à 4h05', '2026-08-03T04:05:00Z'],
    ['tisdag 3 februari 2026 04.05', '2026-02-03T04:05:00Z'],
    ['3 Februari 2026 04:05 WIB', '2026-02-02T21:05:00Z'],
  ])('%s', (text, iso) => {
    expect(readDate(text)).toEqual(new Date(iso));
  });
});

describe('spellings of programs', () => {
  test.each([
    ['1770091506', '2026-02-03T04:05:06Z'],
    ['1770091506000', '2026-02-03T04:05:06Z'],
    ['2026-034', '2026-02-03T00:00:00Z'],
    ['2026-W06-2', '2026-02-03T00:00:00Z'],
    ['2026-W01', '2025-12-29T00:00:00Z'],
    ['2026-2-3T4:5:6Z', '2026-02-03T04:05:06Z'],
    ['Tue, 03 Feb 2026 04:05:06 −0500', '2026-02-03T09:05:06Z'],
  ])('%s', (text, iso) => {
    expect(readDate(text)).toEqual(new Date(iso));
  });
});
