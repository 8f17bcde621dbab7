import type { PollHints } from '../feed.js';
import { childrenOf, firstText, nodesOf, textOf, type XmlNode } from './xml-node.js';

/** The elements of a feed that say when to ask for it again. */
export const HINT_FIELDS = ['ttl', 'sy:updateperiod', 'sy:updatefrequency', 'skiphours', 'skipdays'];

const HOUR_MS = 3_600_000;
const PERIODS_MS: Readonly<Record<string, number>> = {
  hourly: HOUR_MS,
  daily: 24 * HOUR_MS,
  weekly: 7 * 24 * HOUR_MS,
  monthly: 30 * 24 * HOUR_MS,
  yearly: 365 * 24 * HOUR_MS,
};
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** RSS 2.0 (`ttl` in minutes, `skipHours`, `skipDays`) and the syndication module of RSS 1.0, which is also used in RSS 2.0. */
export function hintsOf(feed: XmlNode): PollHints {
  const periods = [ttlMs(feed), updatePeriodMs(feed)].filter((period) => period !== null);
  return {
    freshForMs: periods.length > 0 ? Math.max(...periods) : null,
    skipHours: skipped(feed, 'skiphours', 'hour', hourOf),
    skipDays: skipped(feed, 'skipdays', 'day', dayOf),
  };
}

function ttlMs(feed: XmlNode): number | null {
  const minutes = wholeNumber(firstText(feed, ['ttl']));
  return minutes === null || minutes === 0 ? null : minutes * 60_000;
}

/** So many times a day if the publisher says how often and not in what. */
function updatePeriodMs(feed: XmlNode): number | null {
  const period = firstText(feed, ['sy:updateperiod']);
  const times = firstText(feed, ['sy:updatefrequency']);
  if (period === null && times === null) return null;
  const periodMs = PERIODS_MS[period?.toLowerCase() ?? 'daily'];
  return periodMs === undefined ? null : Math.round(periodMs / Math.max(1, wholeNumber(times) ?? 1));
}

function skipped(feed: XmlNode, list: string, name: string, read: (text: string) => number | null): number[] {
  const nodes = nodesOf(feed, list).flatMap((node) => childrenOf(node, name));
  const numbers = nodes.map((node) => read(textOf(node))).filter((number) => number !== null);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Some count from 1 to 24. */
function hourOf(text: string): number | null {
  const hour = wholeNumber(text);
  return hour === null || hour > 24 ? null : hour % 24;
}

function dayOf(text: string): number | null {
  const day = DAYS.indexOf(text.slice(0, 3).toLowerCase());
  return day < 0 ? null : day;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,7}$/.test(text) ? Number(text) : null;
}
