import { CliError, EXIT } from './exit.js';

/** A web address as typed. @throws CliError for anything else. */
export function readUrl(typed: string): URL {
  const url = URL.canParse(typed) ? new URL(typed) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CliError(EXIT.usage, `"${typed}" is not a web address. Write it in full: https://example.org/feed.xml`);
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
