import { addressTrouble, readFeedAddress } from '../feeds/feed-address.js';
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

/** Only "now" is there so far. */
export function checkWhen(typed: string): void {
  if (typed === 'now') return;
  if (/^(hourly|daily|weekly)\b/.test(typed)) {
    throw new CliError(
      EXIT.usage,
      `--when "${typed}" is not there yet: this version only posts at once. Leave --when out`,
    );
  }
  throw new CliError(EXIT.usage, `--when does not take "${typed}". Write now, or leave --when out`);
}
