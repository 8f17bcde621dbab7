import { ChannelFlags, ChannelType, Routes, type APIChannel, type APIGuildForumTag, type REST } from 'discord.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import type { Clock } from '../../src/clock.js';
import { classify } from './classify.js';
import { createGuildLists, notPosted } from './guild-lists.js';
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

/** Longer than until a list is asked for again: posts go on by what is known meanwhile. */
const HOLDS_MS = 7_200_000;
const MOST_REMEMBERED = 20_000;

/** Each post was given its moment; those that waited for a list together would come all at once behind it. */
const BACK_SOON: PostOutcome = { kind: 'throttled', retryAfterMs: 1_000 };

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
  const known = createMemory<Place>(MOST_REMEMBERED, clock);

  const ask = async (channelId: string, signal: AbortSignal): Promise<Place | PostOutcome> => {
    known.forget(channelId);
    try {
      const place = placeOf((await rest.get(Routes.channel(channelId), { signal })) as APIChannel);
      if (place === null) return { kind: 'refused', reason: 'not-allowed' };
      known.keep(channelId, place, HOLDS_MS);
      return place;
    } catch (error) {
      return notPosted(classify(error));
    }
  };
  const lists = createGuildLists(rest, clock, (channel) => {
    const place = placeOf(channel);
    if (place !== null) known.keep(channel.id, place, HOLDS_MS);
  });

  return {
    of: async ({ workspaceId: guildId, channelId }, signal) => {
      const held = known.get(channelId);
      if (lists.isUnderWay(guildId)) return held ?? BACK_SOON;
      const list = lists.ask(guildId, held !== null);
      if (held) return held;
      // Threads are in no list, nor is what is hidden from the bot.
      return (await list) ?? known.get(channelId) ?? ask(channelId, signal);
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
