import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long the event loop of this process was held at a time. */
export interface Held {
  /** On the clock: also counts what other processes of a busy machine did meanwhile. */
  readonly delayMs: number;
  /** In CPU time of this thread, which they do not change; where the system cannot say, the same as `delayMs`. */
  readonly cpuMs: number;
}

export interface Turns {
  /** The longest since the last call. */
  readonly longest: () => Held;
  readonly stop: () => void;
}

const TICK_MS = 5;

/** Watches the event loop's turns. */
export function watchTurns(): Turns {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  let longestCpu = 0;
  let last = threadCpuMs();
  const timer = setInterval(() => {
    const now = threadCpuMs();
    longestCpu = Math.max(longestCpu, now - last);
    last = now;
  }, TICK_MS);
  return {
    longest: () => {
      const delayMs = Math.max(0, delay.max / 1e6 - TICK_MS);
      const held = { delayMs, cpuMs: Number.isNaN(last) ? delayMs : longestCpu };
      delay.reset();
      longestCpu = 0;
      return held;
    },
    stop: () => {
      clearInterval(timer);
      delay.disable();
    },
  };
}

/** CPU time of the main thread (Linux: proc(5), schedstat); NaN where the system cannot say. */
function threadCpuMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${String(process.pid)}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch (error) {
    if (error instanceof Error) return NaN;
    throw error;
  }
}
