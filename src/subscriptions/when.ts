import { closestWord } from '../chat/closest-word.js';
import { WEEKDAYS, type When } from './schedule.js';
import { readTimeZone } from './zone.js';

export type ReadWhen =
  /** `timeZone` is null where none was named. */
  | { readonly kind: 'when'; readonly when: When; readonly timeZone: string | null }
  /** Says what to type instead. */
  | { readonly kind: 'trouble'; readonly text: string };

const NOW = /^(?:now|at[ -]once|immediately|instantly|right away)$/;
const FILLERS = new Set(['at', 'on', 'every', 'each', 'in', "o'clock"]);
const RHYTHMS: Readonly<Record<string, 'hourly' | 'daily' | 'weekly'>> = {
  ...{ hourly: 'hourly', hour: 'hourly', daily: 'daily', day: 'daily', weekly: 'weekly', week: 'weekly' },
};
const EXAMPLES =
  'Write now, hourly, "daily 08:30" or "weekly fri 16:00", with a time zone if you like: "daily 08:30 Europe/Berlin"';

interface Heard {
  rhythm: 'hourly' | 'daily' | 'weekly' | null;
  weekday: number | null;
  minute: number | null;
  timeZone: string | null;
}

/** Reads what a person typed for `when:`, in any usual spelling. */
export function readWhen(typed: string): ReadWhen {
  const tidy = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  if (tidy === '' || NOW.test(tidy)) return { kind: 'when', when: { kind: 'at-once' }, timeZone: null };
  const heard: Heard = { rhythm: null, weekday: null, minute: null, timeZone: null };
  const words = tidy.replace(/(\d)\s+([ap]\.?m\b)/g, '$1$2').split(/[\s,]+/);
  for (const word of words) {
    if (FILLERS.has(word) || word === '') continue;
    const trouble = hear(heard, word);
    if (trouble !== null) return { kind: 'trouble', text: trouble };
  }
  return finished(heard);
}

/** Takes one word in; a sentence if it means nothing. */
function hear(heard: Heard, word: string): string | null {
  const rhythm = RHYTHMS[word];
  const weekday = weekdayOf(word);
  if (rhythm !== undefined) heard.rhythm = rhythm;
  else if (weekday !== null) heard.weekday = weekday;
  else if (/^\d/.test(word)) {
    heard.minute = readClock(word);
    if (heard.minute === null) return `"${word}" is no time of day. Write it as 08:30 or 8:30pm.`;
  } else {
    heard.timeZone = readTimeZone(word);
    if (heard.timeZone === null) return unknownWord(word);
  }
  return null;
}

/** "fri", "fridays": three letters at least. */
function weekdayOf(word: string): number | null {
  const stem = word.replace(/\.$/, '').replace(/days$/, 'day');
  const index = stem.length < 3 ? -1 : WEEKDAYS.findIndex((day) => day.startsWith(stem));
  return index < 0 ? null : index + 1;
}

/** Minutes from midnight of "8:30", "8.30", "08h30", "8:30am", "8pm"; null for anything else. */
export function readClock(word: string): number | null {
  const [, hours, minutes = '00', half] =
    /^(\d{1,2})(?:[:.h](\d{2}))?h?([ap])?\.?m?\.?$/.exec(word.trim().toLowerCase()) ?? [];
  const hour = Number(hours ?? NaN);
  const valid = half === undefined ? hour <= 23 : hour >= 1 && hour <= 12;
  if (!valid || Number(minutes) > 59) return null;
  const inDay = half === undefined ? hour : (hour % 12) + (half === 'p' ? 12 : 0);
  return inDay * 60 + Number(minutes);
}

function unknownWord(word: string): string {
  const names = Intl.supportedValuesOf('timeZone');
  const zone = word.includes('/') ? closestWord(word, names) : null;
  const meant = zone ?? closestWord(word, [...Object.keys(RHYTHMS).filter((name) => name.endsWith('ly')), ...WEEKDAYS]);
  return meant === null
    ? `when: does not know "${word}". ${EXAMPLES}.`
    : `when: does not know "${word}". Did you mean "${meant}"?`;
}

function finished({ rhythm, weekday, minute, timeZone }: Heard): ReadWhen {
  const done = (when: When): ReadWhen => ({ kind: 'when', when, timeZone });
  const trouble = (text: string): ReadWhen => ({ kind: 'trouble', text });
  if (rhythm === 'hourly') {
    return minute === null && weekday === null
      ? done({ kind: 'hourly' })
      : trouble('hourly takes no time: write hourly.');
  }
  if (rhythm === 'weekly' || weekday !== null) {
    if (weekday !== null && minute !== null) return done({ kind: 'weekly', weekday, minute });
    return trouble('Say on which day and at what time: "weekly fri 16:00".');
  }
  if (minute !== null) return done({ kind: 'daily', minute });
  return trouble(rhythm === 'daily' ? 'Say at what time: "daily 08:30".' : `${EXAMPLES}.`);
}
