import { errorStack, errorText, type Logger } from '../src/log.js';
import type { Listener } from './listener.js';
import type { Queue } from './queue.js';
import type { Ring, Stage, StageName } from './stages.js';
import { within } from './within.js';

export interface WorkerOptions {
  /** The stages this process runs; other processes run the others. */
  readonly stages: readonly StageName[];
  /** Jobs run at once, of each stage. */
  readonly concurrency: Readonly<Record<StageName, number>>;
  readonly log: Logger;
}

export interface Workers {
  readonly start: () => void;
  /** Takes nothing more and lets what runs end, for 8 s at most. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

const DRAIN_MS = 8_000;

/** Runs what rings, and rings what that made due. The queue must be started first and stopped after. */
export function createWorkers(
  queue: Pick<Queue, 'listen' | 'ring'>,
  stages: Readonly<Record<StageName, Stage>>,
  { stages: names, concurrency, log }: WorkerOptions,
): Workers {
  let listeners: readonly Listener[] = [];

  /** What throws is never retried here: its lease ends and the sweep rings again. */
  const runOne = async (name: StageName, id: string): Promise<void> => {
    try {
      for await (const next of stages[name].run(id)) await ring(next);
    } catch (error) {
      log.error('stage.failed', { stage: name, id, error: errorStack(error) });
    }
  };
  const ring = async (next: Ring): Promise<void> => {
    if (next.ids.length === 0) return;
    try {
      await queue.ring(next);
    } catch (error) {
      // The work is done and stored; the sweep rings for what it made due.
      log.debug('ring.failed', { stage: next.stage, error: errorText(error) });
    }
  };

  return {
    start: () => {
      listeners = names.map((name) =>
        queue.listen(name, { concurrency: concurrency[name], run: (id) => runOne(name, id) }),
      );
    },
    stop: async () => {
      const goingOn = Promise.all(names.flatMap((name) => stages[name].stop?.() ?? []));
      await Promise.all([...listeners.map((listener) => listener.stop()), within(DRAIN_MS, goingOn)]);
    },
  };
}
