import { errorStack, errorText, type Logger } from '../src/log.js';
import type { Listener } from './listener.js';
import type { Queue } from './queue.js';
import type { Ring, Stage, StageName } from './stages.js';

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

/** Runs what rings, and rings what that made due. The queue must be started first and stopped after. */
export function createWorkers(
  queue: Pick<Queue, 'listen' | 'ring'>,
  stages: Readonly<Record<StageName, Stage>>,
  { stages: names, concurrency, log }: WorkerOptions,
): Workers {
  let listeners: readonly Listener[] = [];

  const runOne = async (name: StageName, id: string): Promise<void> => {
    const next = await runStage(name, id);
    if (!next) return;
    try {
      await queue.ring(next);
    } catch (error) {
      // The work is done and stored; the sweep rings for what it made due.
      log.debug('ring.failed', { stage: next.stage, error: errorText(error) });
    }
  };
  /** Null when it threw: never retried here, because its lease ends and the sweep rings again. */
  const runStage = async (name: StageName, id: string): Promise<Ring | null> => {
    try {
      return await stages[name].run(id);
    } catch (error) {
      log.error('stage.failed', { stage: name, id, error: errorStack(error) });
      return null;
    }
  };

  return {
    start: () => {
      listeners = names.map((name) =>
        queue.listen(name, { concurrency: concurrency[name], run: (id) => runOne(name, id) }),
      );
    },
    stop: async () => {
      await Promise.all(listeners.map((listener) => listener.stop()));
    },
  };
}
