import { later, type Clock } from '../../src/clock.js';

/** What Discord said, for as long as it is believed. */
export interface Memory<Value> {
  readonly get: (id: string) => Value | null;
  readonly keep: (id: string, value: Value, holdsMs: number) => void;
  readonly forget: (id: string) => void;
}

/** `most`: with more than these, what was kept first is forgotten. */
export function createMemory<Value>(most: number, clock: Clock): Memory<Value> {
  const kept = new Map<string, { readonly value: Value; readonly until: Date }>();
  return {
    get: (id) => {
      const held = kept.get(id);
      return held && held.until > clock() ? held.value : null;
    },
    keep: (id, value, holdsMs) => {
      kept.delete(id);
      kept.set(id, { value, until: later(clock(), holdsMs) });
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
    forget: (id) => {
      kept.delete(id);
    },
  };
}
