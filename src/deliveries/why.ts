import type { ChannelRef } from '../chat/channel.js';
import type { Post } from '../posts/post.js';
import type { DeliveryState } from './delivery.js';

/** One feed that carried the post. */
export interface WhySighting {
  readonly feedTitle: string | null;
  readonly feedUrl: string;
  readonly firstSeenAt: Date;
  /** `backlog`: there before the first poll, so never announced. `waiting`: not matched yet. */
  readonly fate: 'backlog' | 'waiting' | 'matched';
}

/** One channel's promise. */
export interface WhyDelivery {
  readonly channel: ChannelRef;
  readonly state: DeliveryState['kind'];
  /** Why it was abandoned, or why its channel is refused; null while all is well. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly promisedAt: Date;
  readonly firstTriedAt: Date | null;
  /** When it is next due; null once it is sent or abandoned. */
  readonly dueAt: Date | null;
  /** When it was sent or abandoned; null before. */
  readonly endedAt: Date | null;
}

/** What is stored about the post behind a link. */
export type WhyReport =
  | {
      readonly kind: 'stored';
      readonly post: Pick<Post, 'id' | 'title' | 'url' | 'publishedAt' | 'firstSeenAt'>;
      /** Oldest first. */
      readonly sightings: readonly WhySighting[];
      readonly deliveries: readonly WhyDelivery[];
    }
  | { readonly kind: 'not-stored'; readonly hint: string };

export interface WhyStore {
  /** By the post's link, any spelling of it that names the same page. */
  readonly why: (link: URL) => Promise<WhyReport>;
}
