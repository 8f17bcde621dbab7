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

/**
 * One round after another, with a pause between. A round that fails is followed by the next; however many fail on end,
 * that is one line when it starts and one when it is over.
 */
export function createRounds({ name, everyMs, run, log }: RoundsOptions): Rounds {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let stopped = false;
  let failing = false;

  const succeeded = (): void => {
    if (failing) log.info(`${name}.works`);
    failing = false;
  };
  const failed = (error: unknown): void => {
    if (!failing) log.warn(`${name}.fails`, { error: errorText(error), detail: 'What is due waits; trying again.' });
    failing = true;
  };
  const round = async (): Promise<void> => {
    await run().then(succeeded, failed);
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
