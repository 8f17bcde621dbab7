import type { FeedId, SightingId } from '../ids.js';
import { channelName, type ChannelRef } from '../chat/channel.js';
import type { Post } from '../posts/post.js';
import type { Mute } from '../subscriptions/mute.js';
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

/** Which channels hear of this post because of this sighting: each at most once, however many subscriptions match. */
export function plan(sighting: Sighting, topics: readonly Topic[], subscriptions: readonly Subscription[]): Planned[] {
  const byChannel = new Map<string, Planned>();
  for (const subscription of subscriptions) {
    const { channel, target } = subscription;
    if (!wants(target, sighting, topics)) continue;
    const name = channelName(channel);
    byChannel.set(name, { channel, wantedBy: [...(byChannel.get(name)?.wantedBy ?? []), target] });
  }
  return [...byChannel.values()];
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
