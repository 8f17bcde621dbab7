import {
  ChannelFlags,
  ChannelType,
  DiscordAPIError,
  Routes,
  type APIChannel,
  type APIGuildForumTag,
  type REST,
} from 'discord.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import type { Clock } from '../../src/clock.js';
import { classify } from './classify.js';
import { ATTEMPT_DEADLINE_MS } from './connection.js';
import { createMemory } from './memory.js';

/** How a channel takes what is posted to it. */
export type Place =
  /** As messages: text and voice channels, threads. Those of an announcement channel can be published. */
  | { readonly kind: 'messages'; readonly canPublish: boolean }
  /** Each as a thread of its own: forum and media channels. */
  | { readonly kind: 'threads'; readonly tags: readonly ForumTag[]; readonly tagRequired: boolean };

/** A tag that a post may carry without the right to manage threads. */
export type ForumTag = Pick<APIGuildForumTag, 'id' | 'name'>;

export interface Places {
  /** Asked of Discord once in a while, for a whole guild. What becomes of a post instead, where it cannot be said. */
  readonly of: (channel: ChannelRef, signal: AbortSignal) => Promise<Place | PostOutcome>;
  /** Discord refused what was made for this place: true if it is another by now, and the post is worth another try. */
  readonly hasChanged: (channelId: string, place: Place, signal: AbortSignal) => Promise<boolean>;
}

/** Tags are changed by people who expect to see the change today. Of guilds as of channels, the latest are remembered. */
const BOUNDS = { holdsMs: 3_600_000, most: 20_000 };

const AS_MESSAGES: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]);

export function createPlaces(rest: REST, clock: Clock): Places {
  const known = createMemory<Place>(BOUNDS, clock);
  /** Of each guild, what became of the question; null: its list is known, or Discord gives none. */
  const lists = createMemory<Promise<PostOutcome | null>>(BOUNDS, clock);

  const ask = async (channelId: string, signal: AbortSignal): Promise<Place | PostOutcome> => {
    known.forget(channelId);
    try {
      const place = placeOf((await rest.get(Routes.channel(channelId), { signal })) as APIChannel);
      if (place === null) return { kind: 'refused', reason: 'not-allowed' };
      known.keep(channelId, place);
      return place;
    } catch (error) {
      return notPosted(classify(error));
    }
  };
  /** Many posts may wait for it, so none of them can abort it. */
  const askForAll = async (guildId: string): Promise<PostOutcome | null> => {
    const signal = AbortSignal.timeout(ATTEMPT_DEADLINE_MS);
    try {
      for (const channel of (await rest.get(Routes.guildChannels(guildId), { signal })) as APIChannel[]) {
        const place = placeOf(channel);
        if (place !== null) known.keep(channel.id, place);
      }
      return null;
    } catch (error) {
      if (isDenied(error)) return null;
      lists.forget(guildId);
      return notPosted(classify(error));
    }
  };
  const listed = (guildId: string): Promise<PostOutcome | null> => {
    const asked = lists.get(guildId);
    if (asked !== null) return asked;
    const asking = askForAll(guildId);
    lists.keep(guildId, asking);
    return asking;
  };

  return {
    of: async ({ workspaceId, channelId }, signal) => {
      const held = known.get(channelId);
      if (held !== null) return held;
      const trouble = await listed(workspaceId);
      // Threads are in no list, nor is what is hidden from the bot.
      return trouble ?? known.get(channelId) ?? ask(channelId, signal);
    },
    hasChanged: async (channelId, place, signal) => {
      const now = await ask(channelId, signal);
      return isPlace(now) && JSON.stringify(now) !== JSON.stringify(place);
    },
  };
}

export function isPlace(value: Place | PostOutcome): value is Place {
  return value.kind === 'messages' || value.kind === 'threads';
}

function placeOf(channel: APIChannel): Place | null {
  if (channel.type === ChannelType.GuildForum || channel.type === ChannelType.GuildMedia) {
    const tags = channel.available_tags.filter(({ moderated }) => !moderated).map(({ id, name }) => ({ id, name }));
    return { kind: 'threads', tags, tagRequired: ((channel.flags ?? 0) & ChannelFlags.RequireTag) !== 0 };
  }
  if (!AS_MESSAGES.has(channel.type)) return null;
  return { kind: 'messages', canPublish: channel.type === ChannelType.GuildAnnouncement };
}

/** Discord itself keeps the list from us, which does not say what it makes of a post. A refused token says it. */
function isDenied(error: unknown): boolean {
  return error instanceof DiscordAPIError && typeof error.code === 'number' && error.status !== 401;
}

/** Whatever became of the question, no message was sent. */
function notPosted(outcome: PostOutcome): PostOutcome {
  return outcome.kind === 'unknown' || outcome.kind === 'malformed'
    ? { kind: 'unavailable', detail: outcome.detail }
    : outcome;
}
