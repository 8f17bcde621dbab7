import { DiscordAPIError, Routes, type APIChannel, type REST } from 'discord.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import type { Clock } from '../../src/clock.js';
import { classify } from './classify.js';
import { ATTEMPT_DEADLINE_MS } from './connection.js';
import { createMemory } from './memory.js';

/** Asks guilds for all of their channels at once: a request for each would take as much of the limits as posting. */
export interface GuildLists {
  readonly isUnderWay: (guildId: string) => boolean;
  /**
   * Asks, unless it was asked lately. Resolves with null when all is noted that Discord lists, else with what becomes of
   * a post. `isRepeated`: what a list would tell is known from an earlier one.
   */
  readonly ask: (guildId: string, isRepeated: boolean) => Promise<PostOutcome | null>;
}

/** Tags are changed by people who expect to see the change today. */
const ASKED_EVERY_MS = 3_600_000;
/** So long a list that could not be had is not asked for again, where an earlier one will do. */
const TROUBLED_MS = 60_000;
const MOST_REMEMBERED = 20_000;

export function createGuildLists(rest: REST, clock: Clock, note: (channel: APIChannel) => void): GuildLists {
  const answers = createMemory<{ readonly trouble: PostOutcome | null }>(MOST_REMEMBERED, clock);
  const underWay = new Set<string>();
  const list = async (guildId: string): Promise<PostOutcome | null> => {
    // Not for one post only, so none can abort it.
    const signal = AbortSignal.timeout(ATTEMPT_DEADLINE_MS);
    try {
      for (const channel of (await rest.get(Routes.guildChannels(guildId), { signal })) as APIChannel[]) note(channel);
      return null;
    } catch (error) {
      return isDenied(error) ? null : notPosted(classify(error));
    }
  };
  return {
    isUnderWay: (guildId) => underWay.has(guildId),
    ask: async (guildId, isRepeated) => {
      const answer = answers.get(guildId);
      if (answer && (isRepeated || answer.trouble === null)) return answer.trouble;
      underWay.add(guildId);
      const trouble = await list(guildId);
      answers.keep(guildId, { trouble }, trouble ? TROUBLED_MS : ASKED_EVERY_MS);
      underWay.delete(guildId);
      return trouble;
    },
  };
}

/** Discord itself keeps the list from us, which does not say what it makes of a post. A refused token says it. */
function isDenied(error: unknown): boolean {
  return error instanceof DiscordAPIError && typeof error.code === 'number' && error.status !== 401;
}

/** Whatever became of the question, no message was sent. */
export function notPosted(outcome: PostOutcome): PostOutcome {
  return outcome.kind === 'unknown' || outcome.kind === 'malformed'
    ? { kind: 'unavailable', detail: outcome.detail }
    : outcome;
}
