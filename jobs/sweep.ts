import type { Logger } from '../src/log.js';
import type { Queue } from './queue.js';
import { createRounds } from './rounds.js';
import type { Stage, StageName } from './stages.js';

const SWEEP_EVERY_MS = 2_000;
const SWEEP_LIMIT = 500;

export interface SweepOptions {
  readonly stages: Readonly<Record<StageName, Pick<Stage, 'due'>>>;
  readonly queue: Pick<Queue, 'ring'>;
  /** The stages to ring for. */
  readonly names: readonly StageName[];
  readonly everyMs?: number;
  readonly log: Logger;
}

export interface Sweep {
  /** Rings for all that is due now. Waits for a sweep under way; rejects with the first error after trying every stage. */
  readonly sweepOnce: () => Promise<void>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

/** The safety net: whatever the queue forgot is still due in the database, and rings again. */
export function createSweep({ stages, queue, names, everyMs = SWEEP_EVERY_MS, log }: SweepOptions): Sweep {
  let last: Promise<void> = Promise.resolve();

  const sweep = async (): Promise<void> => {
    const errors: unknown[] = [];
    for (const stage of names) {
      try {
        const ids = await stages[stage].due(SWEEP_LIMIT);
        if (ids.length > 0) await queue.ring({ stage, ids });
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
  const sweepOnce = (): Promise<void> => {
    const next = last.then(sweep);
    last = next.catch(() => undefined);
    return next;
  };
  const rounds = createRounds({ name: 'sweep', everyMs, run: sweepOnce, log });
  return {
    sweepOnce,
    start: rounds.start,
    stop: async () => {
      await rounds.stop();
      await last;
    },
  };
}
