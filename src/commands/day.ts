const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** "3 Mar 2026", by UTC: the reader's time zone is not known. */
export function day(at: Date): string {
  return DAY.format(at);
}
