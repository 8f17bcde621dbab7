import type { ChannelRef } from '../chat/channel.js';
import type { Arrival, EntryEvent } from '../posts/decision.js';
import type { Post } from '../posts/post.js';
import type { Target } from '../subscriptions/subscription.js';
import type { AmendmentKind } from './amendment.js';
import type { DeliveryState } from './verdict.js';

/** One feed that carried the post: how its entry came in, and what happened to it since. */
export interface WhySighting extends Arrival {
  readonly feedTitle: string | null;
  readonly feedUrl: string;
  readonly firstSeenAt: Date;
  /** Null while it waits to be matched. */
  readonly matchedAt: Date | null;
  /** Channels whose subscriptions asked for it; null where that was not kept. */
  readonly wanted: number | null;
  /** Channels to which this sighting promised the post; others had been promised it before. */
  readonly promised: number;
  /** Oldest first. */
  readonly events: readonly WhyEvent[];
}

export type WhyEvent = EntryEvent & {
  readonly at: Date;
  /** How often in all; `at` is the last time. */
  readonly times: number;
};

/** One channel's promise. */
export interface WhyDelivery {
  readonly channel: ChannelRef;
  /** Of the message: the post's own, or the digest that names it. */
  readonly state: Exclude<DeliveryState['kind'], 'digested'>;
  /** The post has no message of its own. */
  readonly inDigest: boolean;
  /** Why it was abandoned, or why its channel is refused; null while all is well. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly promisedAt: Date;
  readonly firstTriedAt: Date | null;
  /** When it is next due; null once it is sent or abandoned. */
  readonly dueAt: Date | null;
  /** When it was sent or abandoned; null before. */
  readonly endedAt: Date | null;
  /** What the channel had asked for; empty where that was not kept. */
  readonly wantedBy: readonly Target[];
}

/** What is stored about the post that was asked for. */
export type WhyReport =
  | {
      readonly kind: 'stored';
      readonly post: Pick<Post, 'id' | 'title' | 'url' | 'publishedAt' | 'firstSeenAt'>;
      /** Oldest first; empty when no feed that carried it is followed any more. */
      readonly sightings: readonly WhySighting[];
      readonly deliveries: readonly WhyDelivery[];
      /** What the messages that were sent do not say yet. */
      readonly amendment: { readonly kinds: readonly AmendmentKind[]; readonly at: Date } | null;
      /** Other posts that what was asked for may have meant. */
      readonly others: readonly Pick<Post, 'title' | 'url'>[];
    }
  | { readonly kind: 'not-stored'; readonly hint: string };

export interface WhyStore {
  /**
   * By any link or guid under which a feed ever showed the post, in any spelling of the link that names the same page;
   * else by words.
   */
  readonly why: (asked: string) => Promise<WhyReport>;
}
