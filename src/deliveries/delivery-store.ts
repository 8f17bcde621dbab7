import type { DeliveryId, SightingId } from '../ids.js';
import type { Platform } from '../chat/channel.js';
import type { Post } from '../posts/post.js';
import type { Delivery, Verdict } from './delivery.js';
import type { Pace } from './pace.js';
import type { Planned, Sighting } from './plan.js';

/** What a channel is told: of a post, or a notice about a feed that it follows, which has no topics. */
export interface Told extends Pick<Post, 'title' | 'url' | 'author' | 'text' | 'tags' | 'imageUrl' | 'publishedAt'> {
  readonly isNotice: boolean;
}

/** A delivery taken for work, with what the work needs. */
export interface ClaimedDelivery {
  readonly delivery: Delivery;
  /** Looks so far that could not tell whether it was posted; null if it is to be posted. */
  readonly checks: number | null;
  /** Ends the claim, and names it: a claim that was lost to another process records nothing. */
  readonly leaseUntil: Date;
  readonly firstTriedAt: Date;
  readonly post: Told;
  /** Title of the feed whose sighting made the promise. */
  readonly source: string;
  readonly pace: Pace;
  /** When the channel was written to in the last hour, newest first. */
  readonly sentAt: readonly Date[];
}

export interface DeliveryStore {
  /** Sightings nobody has matched yet, oldest first, but for those that still wait for a picture. */
  readonly unmatched: (now: Date, limit: number) => Promise<Sighting[]>;
  /**
   * Marks the sighting matched and promises its post to the channels, in one statement. A channel that was promised the
   * post before is promised nothing more. Returns the new promises.
   */
  readonly savePlan: (id: SightingId, channels: readonly Planned[], now: Date) => Promise<DeliveryId[]>;
  /**
   * What is to be done on these platforms: per channel the oldest promise that is due, unless the channel waits or has
   * one under way; and deliveries of unknown fate, which a `sending` becomes when its lease ends.
   */
  readonly due: (now: Date, platforms: readonly Platform[], limit: number) => Promise<DeliveryId[]>;
  /** When something is next due on these platforms; null when nothing is open. */
  readonly nextDueAt: (platforms: readonly Platform[]) => Promise<Date | null>;
  /**
   * Takes the delivery until the lease ends and counts the attempt, except for one of unknown fate, which is to be
   * looked for. At most one per channel is under way, however many processes ask. Null if it is not ours to take.
   */
  readonly claim: (
    id: DeliveryId,
    platforms: readonly Platform[],
    now: Date,
    leaseUntil: Date,
  ) => Promise<ClaimedDelivery | null>;
  /** Ends a claim. Ignored if the lease was lost to another. Returns the channel's next due delivery, if any. */
  readonly record: (claimed: ClaimedDelivery, verdict: Verdict, now: Date) => Promise<DeliveryId | null>;
}
