import type { Mishaps } from '../deliveries/mishaps.js';
import { FAULTS } from '../discord/faults.js';

type Lost = 'request' | 'answer';

/** Without losses nobody would look for a message, or send one again. */
export interface Losses extends Pick<Mishaps, 'slack' | 'discord'> {
  /** Of the next two messages to each platform, one request is lost, and the answer to the other. */
  readonly lose: () => void;
}

export function createLosses(): Losses {
  const next: Record<'slack' | 'discord', Lost[]> = { slack: [], discord: [] };
  return {
    lose: () => {
      // What was not lost so far is not lost besides: too much would only make channels wait.
      next.slack = ['request', 'answer'];
      next.discord = ['request', 'answer'];
    },
    slack: ({ method }) => {
      const lost = method === 'chat.postMessage' ? next.slack.shift() : undefined;
      return lost ? { kind: 'broken', how: lost === 'request' ? 'reset' : 'reset-after' } : null;
    },
    discord: ({ route }) => {
      const lost = route === 'POST /channels/:id/messages' ? next.discord.shift() : undefined;
      if (!lost) return null;
      return lost === 'request' ? FAULTS.resetBefore : FAULTS.lostAnswer;
    },
  };
}
