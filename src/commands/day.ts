const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** "3 Mar 2026", by UTC: the reader's time zone is not known. */
export function day(at: Date): string {
  return DAY.format(at);
}

/** "2026-03-03 07:30 UTC". */
export function utc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
