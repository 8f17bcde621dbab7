import { setTimeout as sleep } from 'node:timers/promises';

/** `firstMs`, doubled per failure, at most `longestMs`. `failures` starts at 1. */
export function backoffMs(failures: number, firstMs: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 20), longestMs);
}

/** Waits, but not past `signal`, and does not keep the process alive. False once aborted. */
export async function waitMs(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal, ref: false });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** Work under way, so that `stop` can wait for it. */
export interface InFlight {
  readonly track: <Result>(work: Promise<Result>) => Promise<Result>;
  readonly settled: () => Promise<void>;
}

export function createInFlight(): InFlight {
  const running = new Set<Promise<unknown>>();
  return {
    track: (work) => {
      const done = work.finally(() => running.delete(done));
      running.add(done);
      return done;
    },
    settled: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
