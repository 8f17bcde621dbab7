import type { FeedId, SubscriptionId, TopicId } from '../ids.js';
import type { ChannelRef } from '../chat/channel.js';
import type { Schedule } from './schedule.js';

/** What a channel asked to hear of. A query is kept as typed and parsed when it is used. */
export type Target =
  | { readonly kind: 'feed'; readonly feedId: FeedId }
  | { readonly kind: 'topic'; readonly topicId: TopicId }
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'everything' };

export interface Subscription {
  readonly id: SubscriptionId;
  readonly channel: ChannelRef;
  readonly target: Target;
  readonly schedule: Schedule;
  /** Platform user id, or one of `OPERATORS`. */
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** Makers of subscriptions who are no users of a platform: the command line, and a first start. */
export const OPERATORS: readonly string[] = ['cli', 'start'];
