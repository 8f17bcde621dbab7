import { DiscordAPIError, Routes, type REST } from 'discord.js';
import { errorText, type Logger } from '../../src/log.js';
import { waitMs } from './background.js';
import { classify } from './classify.js';

/** Passes messages of announcement channels on to the servers that follow them; beside delivery, which it never fails. */
export interface Publisher {
  readonly publish: (channelId: string, messageId: string) => void;
  /** Gives up what still waits. */
  readonly stop: () => void;
}

interface Waiting {
  readonly messageId: string;
  readonly sinceMs: number;
}

/** Discord allows about ten an hour in one channel; what had to wait longer than that is news no more. */
const LONGEST_WAIT_MS = 3_600_000;
const RETRY_MS = 30_000;
const MOST_WAITING = 30;
const REQUEST_MS = 14_000;
const ALREADY_PUBLISHED = 40033;

/** One at a time in each channel, so that one that is held up is the only one that asks. */
export function createPublisher(rest: REST, log: Logger): Publisher {
  const stopping = new AbortController();
  const queues = new Map<string, Waiting[]>();

  const publishNext = async (channelId: string, { messageId, sinceMs }: Waiting): Promise<void> => {
    for (;;) {
      const trouble = await tryToPublish(rest, channelId, messageId);
      if (trouble === null || stopping.signal.aborted) return;
      const { error, retryAfterMs } = trouble;
      if (performance.now() + retryAfterMs - sinceMs > LONGEST_WAIT_MS) {
        log.warn('discord.not-published', { channelId, messageId, error });
        return;
      }
      if (!(await waitMs(retryAfterMs, stopping.signal))) return;
    }
  };
  const work = async (channelId: string, queue: Waiting[]): Promise<void> => {
    for (let next = queue[0]; next && !stopping.signal.aborted; next = queue[0]) {
      await publishNext(channelId, next);
      queue.shift();
    }
    queues.delete(channelId);
  };
  return {
    publish: (channelId, messageId) => {
      const waiting = { messageId, sinceMs: performance.now() };
      const queue = queues.get(channelId);
      if (queue && queue.length < MOST_WAITING) queue.push(waiting);
      if (queue) return;
      const begun = [waiting];
      queues.set(channelId, begun);
      void work(channelId, begun);
    },
    stop: () => {
      stopping.abort();
    },
  };
}

/** Null once it is published; waiting for ever is what mends nothing. */
async function tryToPublish(
  rest: REST,
  channelId: string,
  messageId: string,
): Promise<{ readonly error: string; readonly retryAfterMs: number } | null> {
  try {
    await rest.post(Routes.channelMessageCrosspost(channelId, messageId), { signal: AbortSignal.timeout(REQUEST_MS) });
    return null;
  } catch (error) {
    if (error instanceof DiscordAPIError && error.code === ALREADY_PUBLISHED) return null;
    return { error: errorText(error), retryAfterMs: retryAfterMs(error) };
  }
}

/** Publishing twice does no harm, so an answer that was lost is asked for again. */
function retryAfterMs(error: unknown): number {
  const outcome = classify(error);
  switch (outcome.kind) {
    case 'throttled':
      return outcome.retryAfterMs;
    case 'unknown':
    case 'unavailable':
      return RETRY_MS;
    case 'posted':
    case 'malformed':
    case 'refused':
      return Infinity;
  }
}
