import type { Requests } from '../../src/chat/chat-adapter.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { later, type Clock } from '../../src/clock.js';
import type { Logger } from '../../src/log.js';

/** Whether Discord may be asked anything at all. One per adapter; every request with the bot's token passes it. */
export interface Gate {
  /** What to answer without touching the wire, or null while the gate is open. */
  readonly refusal: () => PostOutcome | null;
  /** Closes the gate for a while; the longest wait asked for counts. */
  readonly pause: (retryAfterMs: number) => void;
  /** Closes the gate until the next start of the process: a refused token is not refused less by asking again. */
  readonly lock: () => void;
  /** Counts a request under the limit of the whole bot. */
  readonly count: () => void;
  /** Counts an answer that Discord bans for when there are ten thousand of them. */
  readonly countInvalid: () => void;
  /** What was counted since it was last asked. */
  readonly takeRequests: () => Requests;
}

const WINDOW_MS = 1_000;

export function createGate(clock: Clock, log: Logger): Gate {
  let pausedUntil = new Date(0);
  let locked = false;
  let invalid = 0;
  let sentAt: Date[] = [];
  const isRecent = (at: Date): boolean => later(at, WINDOW_MS) > clock();
  return {
    refusal: () => {
      if (locked) return { kind: 'refused', reason: 'bad-credentials' };
      const retryAfterMs = pausedUntil.getTime() - clock().getTime();
      return retryAfterMs > 0 ? { kind: 'throttled', retryAfterMs, scope: 'platform' } : null;
    },
    pause: (retryAfterMs) => {
      const until = later(clock(), retryAfterMs);
      if (until <= pausedUntil) return;
      pausedUntil = until;
      log.warn('discord.paused', { retryAfterMs, detail: 'Discord limits the whole bot; nothing is sent until then.' });
    },
    count: () => {
      if (sentAt[0] && !isRecent(sentAt[0])) sentAt = sentAt.filter(isRecent);
      sentAt.push(clock());
    },
    countInvalid: () => {
      invalid += 1;
    },
    takeRequests: () => {
      const requests = { recent: sentAt.filter(isRecent).length, invalid };
      sentAt = [];
      invalid = 0;
      return requests;
    },
    lock: () => {
      if (locked) return;
      locked = true;
      log.error('discord.token-refused', {
        detail: 'Discord refuses DISCORD_TOKEN. Set the token shown in the developer portal, then restart.',
      });
    },
  };
}
