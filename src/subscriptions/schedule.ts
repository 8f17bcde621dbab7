/** When a channel hears of what a subscription finds. Minutes count from midnight; weekdays from Monday, 1. */
export type When =
  | { readonly kind: 'at-once' }
  | { readonly kind: 'hourly' }
  | { readonly kind: 'daily'; readonly minute: number }
  | { readonly kind: 'weekly'; readonly weekday: number; readonly minute: number };

export interface Schedule {
  readonly when: When;
  /** An IANA name; for `at-once` and `hourly` it decides nothing. */
  readonly timeZone: string;
}

export const AT_ONCE: Schedule = { when: { kind: 'at-once' }, timeZone: 'UTC' };

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** As it may be typed again: "daily 08:30", "weekly fri 16:00". */
export function whenText(when: When): string {
  switch (when.kind) {
    case 'at-once':
      return 'now';
    case 'hourly':
      return 'hourly';
    case 'daily':
      return `daily ${clockText(when.minute)}`;
    case 'weekly':
      return `weekly ${(WEEKDAYS[when.weekday - 1] ?? 'monday').slice(0, 3)} ${clockText(when.minute)}`;
  }
}

/** The same with its time zone, where that decides anything. */
export function scheduleText({ when, timeZone }: Schedule): string {
  return when.kind === 'at-once' || when.kind === 'hourly' ? whenText(when) : `${whenText(when)} ${timeZone}`;
}

/** "08:30". */
export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
