import type { FeedId, SightingId } from '../ids.js';
import { channelName, type ChannelRef } from '../chat/channel.js';
import type { Post } from '../posts/post.js';
import type { Mute } from '../subscriptions/mute.js';
import { nextSlotAt } from '../subscriptions/next-slot.js';
import type { Subscription, Target } from '../subscriptions/subscription.js';
import { matchesQuery } from '../topics/match.js';
import { parseStoredQuery } from '../topics/parse-query.js';
import type { Topic } from '../topics/topic.js';

/** A post as one feed showed it. */
export interface Sighting {
  readonly id: SightingId;
  readonly feedId: FeedId;
  /** Names the burst it is part of; null: it came alone, or with a few. */
  readonly burst: string | null;
  readonly post: Post;
}

/** A channel that is to hear of a post, and what it asked for that says so. */
export interface Planned {
  readonly channel: ChannelRef;
  readonly wantedBy: readonly Target[];
  /** The slot of the digest that it waits for; absent: at once. */
  readonly heldUntil?: Date;
}

/** A channel that would hear of a post, had it not asked for quiet. */
export interface Filtered {
  readonly channel: ChannelRef;
  /** Null: until the mute is ended by hand. */
  readonly until: Date | null;
}

/** Takes those out whose channel has quiet from this feed, or from what the post says. */
export function withoutMuted(
  planned: readonly Planned[],
  sighting: Sighting,
  mutes: readonly Mute[],
): { readonly channels: readonly Planned[]; readonly filtered: readonly Filtered[] } {
  const muteOf = ({ channel }: Planned): Mute | undefined =>
    mutes.find((mute) => channelName(mute.channel) === channelName(channel) && wants(mute.target, sighting, []));
  return {
    channels: planned.filter((one) => !muteOf(one)),
    filtered: planned.flatMap((one) => muteOf(one) ?? []).map(({ channel, until }) => ({ channel, until })),
  };
}

/**
 * Which channels hear of this post because of this sighting: each at most once, however many subscriptions match, and
 * as soon as the soonest of them asks. `now` is when it is planned.
 */
export function plan(
  sighting: Sighting,
  topics: readonly Topic[],
  { subscriptions, now }: { readonly subscriptions: readonly Subscription[]; readonly now: Date },
): Planned[] {
  const byChannel = new Map<string, Planned>();
  for (const subscription of subscriptions) {
    const { channel, target } = subscription;
    if (!wants(target, sighting, topics)) continue;
    const name = channelName(channel);
    const known = byChannel.get(name);
    const slot = nextSlotAt(subscription.schedule, now);
    const until = known ? soonest(known.heldUntil ?? now, slot) : slot;
    const wantedBy = [...(known?.wantedBy ?? []), target];
    byChannel.set(name, { channel, wantedBy, ...(until > now && { heldUntil: until }) });
  }
  return [...byChannel.values()];
}

function soonest(one: Date, other: Date): Date {
  return one < other ? one : other;
}

/** Is a post that this feed showed what was asked for? */
export function wants(
  target: Target,
  { feedId, post }: Pick<Sighting, 'feedId' | 'post'>,
  topics: readonly Topic[],
): boolean {
  switch (target.kind) {
    case 'everything':
      return true;
    case 'feed':
      return target.feedId === feedId;
    case 'query': {
      const query = parseStoredQuery(target.text);
      return query !== null && matchesQuery(post, query);
    }
    case 'topic': {
      const topic = topics.find(({ id }) => id === target.topicId);
      return topic !== undefined && matchesQuery(post, topic.query);
    }
  }
}
