import { errorText, type Logger } from '../src/log.js';

const PROBE_EVERY_MS = 1_000;
/** An error that is no outage is told at most this often: a worker in trouble repeats itself many times a second. */
const TELL_EVERY_MS = 60_000;

export interface Watch {
  /** Something failed: finds out whether the server still answers, and follows it until it does. */
  readonly suspect: (error: unknown) => void;
  readonly isAway: () => boolean;
  readonly stop: () => void;
}

export interface WatchOptions {
  /** Rejects while the server does not answer; must settle by itself. */
  readonly probe: () => Promise<unknown>;
  /** "Redis at 127.0.0.1:6379" */
  readonly server: string;
  readonly log: Logger;
}

/** Turns the many errors of one outage into one line when the server goes and one when it is back. */
export function createWatch({ probe, server, log }: WatchOptions): Watch {
  let state: 'well' | 'suspected' | 'away' | 'stopped' = 'well';
  let timer: NodeJS.Timeout | undefined;
  let toldAt = -Infinity;

  const answered = (error: unknown): void => {
    if (state === 'away') log.info('queue.back', { server });
    else tellSeldom(error);
    state = 'well';
  };
  const silent = (error: unknown): void => {
    if (state !== 'away') {
      const detail = `${server} does not answer. Posts wait in the database; trying again.`;
      log.warn('queue.away', { server, error: errorText(error), detail });
    }
    state = 'away';
    timer = setTimeout(ask, PROBE_EVERY_MS, error);
  };
  const tellSeldom = (error: unknown): void => {
    if (isLostJob(error)) log.debug('queue.job-lost', { server, error: errorText(error) });
    else if (Date.now() - toldAt >= TELL_EVERY_MS) {
      toldAt = Date.now();
      log.warn('queue.error', { server, error: errorText(error) });
    }
  };
  const ask = (error: unknown): void => {
    probe().then(
      () => {
        if (state !== 'stopped') answered(error);
      },
      (reason: unknown) => {
        if (state !== 'stopped') silent(reason);
      },
    );
  };

  return {
    suspect: (error) => {
      if (state !== 'well') return;
      state = 'suspected';
      ask(error);
    },
    isAway: () => state === 'away',
    stop: () => {
      state = 'stopped';
      clearTimeout(timer);
    },
  };
}

/** BullMQ's scripts answer with a number: the job vanished (FLUSHALL) or another process took it. The sweep sees to it. */
function isLostJob(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number';
}
