import type { ChannelRef } from '../chat/channel.js';
import type { Arrival, EntryEvent } from '../posts/decision.js';
import type { IdentityMode } from '../posts/identity/mode.js';
import type { Post } from '../posts/post.js';
import type { Target } from '../subscriptions/subscription.js';
import type { AmendmentKind } from './amendment.js';
import type { EditState } from './edit.js';
import type { DeliveryState } from './verdict.js';
import type { Filtered } from './plan.js';

/** One feed that carried the post: how its entry came in, and what happened to it since. */
export interface WhySighting extends Arrival {
  readonly feedTitle: string | null;
  readonly feedUrl: string;
  /** By what that feed tells its entries apart; null while that is not known. */
  readonly identityMode: IdentityMode | null;
  readonly firstSeenAt: Date;
  /** Null while it waits to be matched. */
  readonly matchedAt: Date | null;
  /** Channels whose subscriptions asked for it; null where that was not kept. */
  readonly wanted: number | null;
  /** Channels to which this sighting promised the post; others had been promised it before. */
  readonly promised: number;
  /** Channels that wanted it and had asked for quiet. */
  readonly filtered: readonly Filtered[];
  /** Oldest first. */
  readonly events: readonly WhyEvent[];
}

export type WhyEvent = EntryEvent & {
  readonly at: Date;
  /** How often in all; `at` is the last time. */
  readonly times: number;
};

/** What became of the wish that a sent message follow its post. */
export interface WhyEdit {
  readonly state: EditState['kind'];
  /** When it was last edited; null: never. */
  readonly editedAt: Date | null;
  /** Why it waits, or was dropped. */
  readonly reason: string | null;
}

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
  /** Null: the message says what it should, or has not been looked at yet. */
  readonly edit: WhyEdit | null;
}

/** What is stored about the post that was asked for. */
export type WhyReport =
  | {
      readonly kind: 'stored';
      readonly post: Pick<Post, 'id' | 'title' | 'url' | 'publishedAt' | 'firstSeenAt'>;
      /** Oldest first; empty when no feed that carried it is followed any more. */
      readonly sightings: readonly WhySighting[];
      readonly deliveries: readonly WhyDelivery[];
      /** What messages that were sent before then did not say. */
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
