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

/** Discord allows about ten an hour in one channel; what had to wait longer than that is news no more. */
const LONGEST_WAIT_MS = 3_600_000;
const TRIES = 4;
const MOST_WAITING = 100;
const REQUEST_MS = 14_000;
const ALREADY_PUBLISHED = 40033;

export function createPublisher(rest: REST, log: Logger): Publisher {
  const stopping = new AbortController();
  const waiting = new Set<string>();
  const publish = async (channelId: string, messageId: string): Promise<void> => {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const trouble = await tryToPublish(rest, channelId, messageId);
      if (trouble === null || stopping.signal.aborted) return;
      if (trouble.retryAfterMs === null || trouble.retryAfterMs > LONGEST_WAIT_MS || tries === TRIES) {
        log.warn('discord.not-published', { channelId, messageId, error: trouble.detail });
        return;
      }
      if (!(await waitMs(trouble.retryAfterMs, stopping.signal))) return;
    }
  };
  return {
    publish: (channelId, messageId) => {
      if (waiting.has(messageId) || waiting.size >= MOST_WAITING) return;
      waiting.add(messageId);
      void publish(channelId, messageId).finally(() => waiting.delete(messageId));
    },
    stop: () => {
      stopping.abort();
    },
  };
}

/** Null once it is published; `retryAfterMs` is null for what waiting does not mend. */
async function tryToPublish(
  rest: REST,
  channelId: string,
  messageId: string,
): Promise<{ readonly detail: string; readonly retryAfterMs: number | null } | null> {
  try {
    await rest.post(Routes.channelMessageCrosspost(channelId, messageId), { signal: AbortSignal.timeout(REQUEST_MS) });
    return null;
  } catch (error) {
    if (error instanceof DiscordAPIError && error.code === ALREADY_PUBLISHED) return null;
    const outcome = classify(error);
    const retryAfterMs = outcome.kind === 'throttled' ? outcome.retryAfterMs : retryOf(outcome.kind);
    return { detail: errorText(error), retryAfterMs };
  }
}

const RETRY_MS = 30_000;

/** Publishing twice does no harm, so an answer that was lost is asked for again. */
function retryOf(kind: string): number | null {
  return kind === 'unknown' || kind === 'unavailable' ? RETRY_MS : null;
}
