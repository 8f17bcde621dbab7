import { later, type Clock } from '../../../src/clock.js';

/** Deadlines of requests pass this much faster, so that a stalled body costs a quarter of a second and not twelve. */
const DEADLINES = 50;

/**
 * One time for the product, its SDKs and the local platforms: it flows as on the wall, and leaps when it is told to.
 * `Date.now` and `AbortSignal.timeout` of this process follow it until `restore`.
 */
export interface FastClock {
  readonly now: Clock;
  /** Also backwards. */
  readonly leap: (ms: number) => void;
  /** To that time, if it has not come yet; calls what was to be done by then. */
  readonly leapTo: (at: Date) => void;
  /** `work` is done by the first leap that ends `ms` from now or later. */
  readonly after: (ms: number, work: () => void) => void;
  /** When something is to be done; null: nothing is. */
  readonly nextAt: () => Date | null;
  readonly restore: () => void;
}

interface Timer {
  readonly at: number;
  readonly work: () => void;
}

export function startFastClock(): FastClock {
  const wall = Date.now;
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  let aheadMs = 0;
  let timers: readonly Timer[] = [];
  const nowMs = (): number => Math.floor(wall() + aheadMs);
  Date.now = nowMs;
  AbortSignal.timeout = (ms) => timeout(Math.ceil(ms / DEADLINES));
  const doDue = (): void => {
    const due = timers.filter(({ at }) => at <= nowMs());
    timers = timers.filter((timer) => !due.includes(timer));
    for (const { work } of due) work();
  };
  return {
    now: () => new Date(nowMs()),
    leap: (ms) => {
      aheadMs += ms;
      doDue();
    },
    leapTo: (at) => {
      aheadMs += Math.max(0, at.getTime() - nowMs());
      doDue();
    },
    after: (ms, work) => {
      timers = [...timers, { at: nowMs() + ms, work }].sort((a, b) => a.at - b.at);
    },
    nextAt: () => (timers[0] ? later(new Date(0), timers[0].at) : null),
    restore: () => {
      Date.now = wall;
      AbortSignal.timeout = timeout;
    },
  };
}
