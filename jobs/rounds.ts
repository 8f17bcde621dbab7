import { errorText, type Logger } from '../src/log.js';

export interface RoundsOptions {
  /** For the log. */
  readonly name: string;
  readonly everyMs: number;
  /** One round. It claims what it does in the database, so several processes may go their rounds at once. */
  readonly run: () => Promise<unknown>;
  readonly log: Logger;
}

export interface Rounds {
  readonly start: () => void;
  /** Lets a round under way end. */
  readonly stop: () => Promise<void>;
}

/** Chores that nobody waits for: one round after another, with a pause between. A round that fails is followed by the next. */
export function createRounds({ name, everyMs, run, log }: RoundsOptions): Rounds {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let stopped = false;

  const round = async (): Promise<void> => {
    try {
      await run();
    } catch (error) {
      log.warn('round.failed', { name, error: errorText(error) });
    }
    if (!stopped) timer = setTimeout(begin, everyMs);
  };
  const begin = (): void => {
    last = round();
  };
  return {
    start: begin,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await last;
    },
  };
}
