import { setTimeout as sleep } from 'node:timers/promises';

/** Work that has begun and not ended. */
export interface InFlight {
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  /** Resolves once there is none, or after `ms`. */
  readonly drained: (ms: number) => Promise<void>;
}

export function createInFlight(): InFlight {
  const all = new Set<Promise<unknown>>();
  return {
    track: (work) => {
      all.add(work);
      const forget = (): boolean => all.delete(work);
      work.then(forget, forget);
      return work;
    },
    drained: async (ms) => {
      const ended = new AbortController();
      const deadline = sleep(ms, undefined, { signal: ended.signal }).catch(() => undefined);
      await Promise.race([Promise.allSettled(all), deadline]);
      ended.abort();
    },
  };
}
