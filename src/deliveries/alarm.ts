/** Wakes one sleeper, early if it must. */
export interface Alarm {
  readonly ring: () => void;
  readonly hasRung: () => boolean;
  /** What rang before counts no more. */
  readonly reset: () => void;
  /** Resolves when it rings, at once if it has, and at the latest after `ms`; null: it may take for ever. */
  readonly wait: (ms: number | null) => Promise<void>;
}

/** The longest that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;

export function createAlarm(): Alarm {
  let rung = false;
  let wakeUp = (): void => undefined;
  return {
    ring: () => {
      rung = true;
      wakeUp();
    },
    hasRung: () => rung,
    reset: () => {
      rung = false;
    },
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = ms === null ? undefined : setTimeout(done, Math.min(ms, LONGEST_MS));
        function done(): void {
          clearTimeout(timer);
          resolve();
        }
        wakeUp = done;
        if (rung) done();
      }),
  };
}
