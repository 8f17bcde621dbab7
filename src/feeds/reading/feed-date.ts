import { calendarSpelling, epochDate, westernSpelling } from './date-spelling.js';

/** Hours east of Greenwich for the zone names that feeds use (RFC 822 and what publishers add to it). */
const ZONES: Readonly<Record<string, number>> = {
  ...{ z: 0, gmt: 0, utc: 0, ut: 0, wet: 0, west: 1, bst: 1, cet: 1, met: 1, mez: 1, cest: 2, mest: 2, mesz: 2 },
  ...{ eet: 2, sast: 2, eest: 3, msk: 3, ist: 5.5, hkt: 8, sgt: 8, awst: 8, jst: 9, kst: 9, aest: 10, aedt: 11 },
  ...{ brt: -3, brst: -2, art: -3, clt: -4, cot: -5, pet: -5, vet: -4, uyt: -3, nst: -3.5, ndt: -2.5, wat: 1, cat: 2 },
  ...{
    eat: 3,
    trt: 3,
    irst: 3.5,
    gst: 4,
    pkt: 5,
    npt: 5.75,
    ict: 7,
    wib: 7,
    wita: 8,
    wit: 9,
    pht: 8,
    myt: 8,
    acst: 9.5,
  },
  ...{ nzst: 12, nzdt: 13, at: -4, ast: -4, adt: -3, et: -5, est: -5, edt: -4, ct: -6, cst: -6, cdt: -5 },
  ...{ mt: -7, mst: -7, mdt: -6, pt: -8, pst: -8, pdt: -7, akst: -9, akdt: -8, hst: -10 },
};

/** Languages in which publishers' software writes month names, against every standard. */
const LOCALES =
  'en de fr es it pt nl pl cs sk hu ro ru uk bg hr sl sv da nb fi et lv lt tr el ca id vi he ar ar-SY hi'.split(' ');

const TIME = /(?:^|[^\d:])([01]?\d|2[0-4]):([0-5]\d)(?::([0-6]\d))?(?:[.,](\d{1,9}))?\s*(?:([ap])\.?m\b\.?)?/i;
const OFFSET = /^\s*(?:gmt|utc|z)?\s*([+-])(\d{1,2}):?(\d{2})?(?!\d)/i;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:t(\d{2})(\d{2})(\d{2})?)?(?=\D|$)/i;
const MAX_LENGTH = 100;

interface Day {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/** Reads the date spellings of RSS, Atom and their imitators; a missing zone means UTC. Null if it says no date. */
export function readDate(text: string): Date | null {
  const written = text
    .slice(0, MAX_LENGTH)
    .replace(/\([^)]*\)/g, ' ')
    .trim();
  const epoch = epochDate(written);
  if (epoch) return epoch;
  const tidy = spaced(calendarSpelling(westernSpelling(written)));
  const time = TIME.exec(tidy);
  const before = time ? tidy.slice(0, time.index) : tidy;
  const after = time ? tidy.slice(time.index + time[0].length) : '';
  const day = readDay(before) ?? readDay(`${before} ${after.replace(OFFSET, ' ')}`);
  if (!day || !isRealDay(day)) return null;
  const clockMs = time ? clockOf(time) - zoneMs(after || homeZone(written)) : 0;
  return new Date(Date.UTC(day.year, day.month - 1, day.day) + clockMs);
}

/** `20250905T080000Z` as `2025-09-05T08:00:00Z`. */
function spaced(text: string): string {
  const compact = COMPACT.exec(text);
  if (!compact) return text;
  const [all, year = '', month = '', day = '', hour, minute = '00', second = '00'] = compact;
  return `${year}-${month}-${day}${hour ? `T${hour}:${minute}:${second}` : ''}${text.slice(all.length)}`;
}

function clockOf([, hours = '', minutes = '', seconds = '0', fraction = '0', half]: RegExpExecArray): number {
  const hour = half ? (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hours);
  return ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000);
}

/** The zone as it stands after the time of day. */
function zoneMs(rest: string): number {
  const offset = OFFSET.exec(rest);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return (offset[1] === '-' ? -1 : 1) * minutes * 60_000;
  }
  const name = /[a-z]+/i.exec(rest.replace(/etc\//i, ''))?.[0].toLowerCase() ?? '';
  return (ZONES[name] ?? 0) * 3_600_000;
}

/** Spellings that one country alone uses, whose publishers leave the zone out. */
function homeZone(day: string): string {
  return /\d\s*년/.test(day) ? 'kst' : '';
}

function readDay(text: string): Day | null {
  return numericDay(text) ?? namedDay(text);
}

function numericDay(text: string): Day | null {
  const yearFirst = /(?<!\d)(\d{4})[-/.년\s]{1,3}(\d{1,2})(?:[-/.월\s]{1,3}(\d{1,2}))?(?!\d)/.exec(text);
  if (yearFirst) return { year: Number(yearFirst[1]), month: Number(yearFirst[2]), day: Number(yearFirst[3] ?? 1) };
  const yearLast = /(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)/.exec(text);
  if (!yearLast) return /^\d{4}$/.test(text) ? { year: Number(text), month: 1, day: 1 } : null;
  const [first, second] = [Number(yearLast[1]), Number(yearLast[3])];
  // Only Americans put the month first, and only they separate with slashes.
  const monthFirst = yearLast[2] === '/' && first <= 12;
  return { year: Number(yearLast[4]), month: monthFirst ? first : second, day: monthFirst ? second : first };
}

function namedDay(text: string): Day | null {
  const words = text.match(/\p{L}[\p{L}\p{M}]*|\d+/gu) ?? [];
  // The last, since weekdays come first and can look like months (French and Italian "mar.").
  const month = words.map(monthNamed).findLast((found) => found !== null) ?? null;
  const numbers = words.filter((word) => /^\d{1,4}$/.test(word));
  const year = numbers.find((word) => word.length === 4) ?? (numbers.length > 1 ? numbers.at(-1) : undefined);
  const day =
    numbers.find((word) => word !== year && word.length <= 2) ?? (numbers.length > 1 ? numbers[0] : undefined);
  if (month === null || year === undefined) return null;
  return { year: fullYear(year), month, day: Number(day ?? 1) };
}

/** Two digits are of this century, unless that lies far ahead (RFC 2822 §4.3). */
function fullYear(year: string): number {
  return year.length === 4 ? Number(year) : Number(year) + (Number(year) < 70 ? 2000 : 1900);
}

/** "In", written together with the month. */
const HEBREW_IN = /^ב(?=\p{L}{3})/u;

let monthNames: ReadonlyMap<string, number> | null = null;

function monthNamed(word: string): number | null {
  monthNames ??= namesOfMonths();
  const name = foldedName(word);
  const known = monthNames.get(name) ?? monthNames.get(name.replace(HEBREW_IN, ''));
  return known ?? (name.length > 3 ? monthNames.get(name.slice(0, 3)) : undefined) ?? null;
}

/** English comes first and keeps its abbreviations: "mar" is March, though Finnish has November by that name. */
function namesOfMonths(): ReadonlyMap<string, number> {
  const names = LOCALES.flatMap((locale) => [...monthsIn(locale, 'long'), ...monthsIn(locale, 'short')]);
  const stems = LOCALES.flatMap((locale) => stemsOf(monthsIn(locale, 'long')));
  return new Map([...names, ...stems].filter(([name]) => /^\p{L}{3,}$/u.test(name)).reverse());
}

/** The first three letters, as programs cut names that were never meant to be cut, where they tell months apart. */
function stemsOf(months: readonly (readonly [name: string, month: number])[]): [string, number][] {
  const stems = months.map(([name, month]): [string, number] => [name.slice(0, 3), month]);
  return stems.filter(([stem]) => stems.filter(([other]) => other === stem).length === 1);
}

function monthsIn(locale: string, style: 'long' | 'short'): [name: string, month: number][] {
  const format = new Intl.DateTimeFormat(`${locale}-u-ca-gregory`, { month: style, day: 'numeric', timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, index) => {
    const part = format.formatToParts(Date.UTC(2000, index, 1)).find(({ type }) => type === 'month');
    return [foldedName(part?.value ?? ''), index + 1];
  });
}

function foldedName(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/[\p{M}.]/gu, '')
    .toLowerCase();
}

function isRealDay({ year, month, day }: Day): boolean {
  const at = new Date(Date.UTC(year, month - 1, day));
  return year >= 1970 && year < 10_000 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}
