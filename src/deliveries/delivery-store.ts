import type { DeliveryId, SightingId } from '../ids.js';
import type { MessageLine } from '../chat/message.js';
import type { ChannelRef, Platform } from '../chat/channel.js';
import type { Post } from '../posts/post.js';
import type { QuietHours } from '../subscriptions/next-slot.js';
import type { Topic } from '../topics/topic.js';
import type { Delivery, Verdict } from './delivery.js';
import type { Pace } from './pace.js';
import type { Planned, Sighting } from './plan.js';

/** What a channel is told: of a post, or a notice about a feed that it follows, which has no topics. */
export interface Told extends Pick<Post, 'title' | 'url' | 'author' | 'text' | 'tags' | 'imageUrl' | 'publishedAt'> {
  readonly isNotice: boolean;
  /** The posts that a digest names, in order; empty for all else. */
  readonly lines: readonly MessageLine[];
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
  /** Message id of the digest's first part; null: this is none of its later parts, or the first was never sent. */
  readonly continues: string | null;
  /** Hours in which the channel is told nothing. */
  readonly quiet: QuietHours | null;
}

/** Who hears of one sighting. */
export interface SightingPlan {
  readonly id: SightingId;
  readonly channels: readonly Planned[];
}

/** A digest to come: posts in the order and under the headings in which it would name them. */
export interface HeldDigest {
  readonly dueAt: Date;
  readonly lines: readonly MessageLine[];
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
   * The same for the whole of a burst, in one transaction: channels that are promised many of its posts are promised a
   * digest, and the newest as messages. `plans` holds every sighting of the burst, oldest first.
   */
  readonly saveBurst: (plans: readonly SightingPlan[], now: Date) => Promise<DeliveryId[]>;
  /** Every sighting of a burst that nobody has matched yet, oldest first. */
  readonly unmatchedOf: (burst: string) => Promise<Sighting[]>;
  /**
   * Ends the claim without a message: what waits in its channel, itself included, is promised as a digest instead.
   * Null, and nothing changed, if nothing else waits.
   */
  readonly fold: (claimed: ClaimedDelivery, now: Date) => Promise<DeliveryId | null>;
  /**
   * Ends the claim without a message: what waits untried in its channel, itself included, is held until then. False,
   * and nothing changed, if the claim was lost or the delivery is a notice or was tried before.
   */
  readonly hold: (claimed: ClaimedDelivery, until: Date) => Promise<boolean>;
  /** One delivery of each channel whose slot has come: what `release` takes. */
  readonly slotsDue: (now: Date, limit: number) => Promise<DeliveryId[]>;
  /**
   * What the channel of that delivery holds for slots that have come is promised as a digest, or as a message where it
   * is one post, in one transaction. Returns the new promises; empty if nothing is held.
   */
  readonly release: (id: DeliveryId, topics: readonly Topic[], now: Date) => Promise<DeliveryId[]>;
  /** What a channel holds for coming digests, soonest first. */
  readonly held: (channel: ChannelRef, topics: readonly Topic[]) => Promise<HeldDigest[]>;
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
