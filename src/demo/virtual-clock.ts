import type { Clock } from '../clock.js';

/** A clock that stands still until it is moved. */
export interface VirtualClock {
  readonly now: Clock;
  /** Ignores a time that has passed already: time never runs back. */
  readonly moveTo: (at: Date) => void;
}

export function createVirtualClock(start: Date): VirtualClock {
  let now = start;
  return {
    now: () => now,
    moveTo: (at) => {
      if (at > now) now = at;
    },
  };
}
