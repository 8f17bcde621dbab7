import { addressTrouble, readFeedAddress } from '../feeds/feed-address.js';
import { readClock, readWhen, type ReadWhen } from '../subscriptions/when.js';
import { readTimeZone } from '../subscriptions/zone.js';
import { CliError, EXIT } from './exit.js';

/** A feed's address as typed, in any spelling that adding it takes. @throws CliError for anything else. */
export function readFeedUrl(typed: string): URL {
  const url = readFeedAddress(typed);
  if (url) return url;
  throw new CliError(EXIT.usage, addressTrouble(typed));
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SHORTEST_MS = 300_000;
const LONGEST_MS = 86_400_000;

/** How often to poll, in milliseconds; "auto" as null: the schedule decides. @throws CliError for anything else. */
export function readEvery(typed: string): number | null {
  if (typed === 'auto') return null;
  const [, count = '', unit = ''] = /^(\d{1,5})\s*(s|m|h|d)(?:ec|in|our|ay)?s?$/i.exec(typed.trim()) ?? [];
  const ms = Number(count) * (UNITS_MS[unit.toLowerCase()] ?? 0);
  if (ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw new CliError(EXIT.usage, `--every does not take "${typed}". Write 5m to 24h, such as 15m or 6h, or auto`);
}

/** A length of time as typed, up to a year, in milliseconds. @throws CliError for anything else. */
export function readDuration(option: string, typed: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})\s*(m|h|d)(?:in|our|ay)?s?$/i.exec(typed.trim()) ?? [];
  const ms = Number(count) * (UNITS_MS[unit.toLowerCase()] ?? 0);
  if (ms > 0 && ms <= 366 * LONGEST_MS) return ms;
  throw new CliError(EXIT.usage, `${option} does not take "${typed}". Write a time such as 30m, 2h or 3d`);
}

/** @throws CliError for anything but "on" and "off". */
export function readSwitch(option: string, typed: string): boolean {
  if (typed === 'on' || typed === 'off') return typed === 'on';
  throw new CliError(EXIT.usage, `${option} does not take "${typed}". Write on or off`);
}

/** A limit as typed: a whole number from 1, or "none" as null. */
export function readLimit(option: string, typed: string): number | null {
  if (typed === 'none') return null;
  const limit = /^\d{1,6}$/.test(typed) ? Number(typed) : 0;
  if (limit > 0) return limit;
  throw new CliError(EXIT.usage, `${option} does not take "${typed}". Write a whole number from 1, or none`);
}

/** @throws CliError for what is no schedule. */
export function readWhenOption(typed: string): Extract<ReadWhen, { kind: 'when' }> {
  const read = readWhen(typed);
  if (read.kind === 'when') return read;
  throw new CliError(EXIT.usage, `--when does not take "${typed}". ${read.text}`);
}

/** "22:00-07:00"; "off" as null. @throws CliError for anything else. */
export function readQuiet(typed: string): { readonly from: number; readonly to: number } | null {
  if (typed === 'off') return null;
  const [from = null, to = null, ...more] = typed.split(/\s*[-–]\s*/).map(readClock);
  if (from !== null && to !== null && from !== to && more.length === 0) return { from, to };
  throw new CliError(EXIT.usage, `--quiet does not take "${typed}". Write 22:00-07:00, or off`);
}

/** @throws CliError for what names no time zone. */
export function readZoneOption(typed: string): string {
  const zone = readTimeZone(typed);
  if (zone !== null) return zone;
  throw new CliError(EXIT.usage, `--time-zone does not know "${typed}". Write a name such as Europe/Berlin`);
}
