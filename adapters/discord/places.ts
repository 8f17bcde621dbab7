import { ChannelFlags, ChannelType, Routes, type APIChannel, type APIGuildForumTag, type REST } from 'discord.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { later, type Clock } from '../../src/clock.js';
import { classify } from './classify.js';

/** How a channel takes what is posted to it. */
export type Place =
  /** As messages: text and voice channels, threads. Those of an announcement channel can be published. */
  | { readonly kind: 'messages'; readonly canPublish: boolean }
  /** Each as a thread of its own: forum and media channels. */
  | { readonly kind: 'threads'; readonly tags: readonly ForumTag[]; readonly tagRequired: boolean };

/** A tag that a post may carry without the right to manage threads. */
export type ForumTag = Pick<APIGuildForumTag, 'id' | 'name'>;

export interface Places {
  /** Asked of Discord once in a while. What becomes of a post instead, where it cannot be said. */
  readonly of: (channelId: string, signal: AbortSignal) => Promise<Place | PostOutcome>;
  /** Discord refused what was made for this place: true if it is another by now, and the post is worth another try. */
  readonly hasChanged: (channelId: string, signal: AbortSignal) => Promise<boolean>;
}

/** Tags are changed by people who expect to see the change today. */
const HOLDS_MS = 3_600_000;
const REMEMBERED = 20_000;

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
  const known = new Map<string, { readonly place: Place; readonly until: Date }>();
  const ask = async (channelId: string, signal: AbortSignal): Promise<Place | PostOutcome> => {
    known.delete(channelId);
    try {
      const place = placeOf((await rest.get(Routes.channel(channelId), { signal })) as APIChannel);
      if (place === null) return { kind: 'refused', reason: 'not-allowed' };
      known.set(channelId, { place, until: later(clock(), HOLDS_MS) });
      const [oldest] = known.keys();
      if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
      return place;
    } catch (error) {
      return notPosted(classify(error));
    }
  };
  return {
    of: async (channelId, signal) => {
      const held = known.get(channelId);
      return held && held.until > clock() ? held.place : ask(channelId, signal);
    },
    hasChanged: async (channelId, signal) => {
      const before = known.get(channelId)?.place;
      const now = await ask(channelId, signal);
      return isPlace(now) && JSON.stringify(now) !== JSON.stringify(before);
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

/** Whatever became of the question, no message was sent. */
function notPosted(outcome: PostOutcome): PostOutcome {
  return outcome.kind === 'unknown' || outcome.kind === 'malformed'
    ? { kind: 'unavailable', detail: outcome.detail }
    : outcome;
}
