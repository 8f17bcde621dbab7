import type { DeliveryId, PostId, SightingId } from '../ids.js';
import type { PlatformPace } from '../chat/chat-adapter.js';
import type { ChannelRef, Platform } from '../chat/channel.js';
import type { MessageLine } from '../chat/message.js';
import type { Post } from '../posts/post.js';
import type { QuietHours } from '../subscriptions/next-slot.js';
import type { Topic } from '../topics/topic.js';
import type { Delivery } from './delivery.js';
import type { Verdict } from './verdict.js';
import type { Pace } from './pace.js';
import type { Filtered, Planned, Sighting } from './plan.js';

/** What a channel is told: of a post, or a notice about a feed that it follows, which has no topics. */
export interface Told extends Pick<Post, 'title' | 'url' | 'author' | 'text' | 'tags' | 'imageUrl' | 'publishedAt'> {
  readonly isNotice: boolean;
  /** The posts that a digest names, in order; empty for all else. */
  readonly lines: readonly MessageLine[];
}

/** A delivery taken for work, with what the work needs. */
export interface ClaimedDelivery {
  readonly delivery: Delivery;
  /** Of unknown fate: looks so far that could not tell, and when the lost request ended. Null: it is to be posted. */
  readonly unknown: { readonly checks: number; readonly since: Date } | null;
  /** Ends the claim, and names it: a claim that was lost to another process records nothing. */
  readonly leaseUntil: Date;
  /** Its turn under the pace of the whole bot; not later than `AHEAD_MS` from the claim. */
  readonly turnAt: Date;
  readonly firstTriedAt: Date;
  readonly post: Told;
  /** Title of the feed whose sighting made the promise. */
  readonly source: string;
  /** Titles of the other feeds that show the post and that the channel may know of, in the order they showed it. */
  readonly alsoIn: readonly string[];
  /** Null for a notice and for a digest. */
  readonly postId: PostId | null;
  /** Of the same feed; null where it is followed no more. */
  readonly feedUrl: string | null;
  /** The channel's messages are to be passed on to whoever follows it. */
  readonly publish: boolean;
  readonly pace: Pace;
  /** When the channel was written to in the last hour, newest first. */
  readonly sentAt: readonly Date[];
  /** Message id of the digest's first part; null: this is none of its later parts, or the first was never sent. */
  readonly continues: string | null;
  /** Hours in which the channel is told nothing. */
  readonly quiet: QuietHours | null;
}

/** What a process may take, and for how long. */
export interface CountedRequests {
  /** Milliseconds that they take of the pace of the whole bot, for nothing was claimed for them. */
  readonly unpacedMs: number;
  /** That the platform calls invalid. It is let rest when they become many. */
  readonly invalid: number;
}

export interface ClaimRequest {
  readonly platform: Platform;
  readonly pace: PlatformPace;
  readonly now: Date;
  readonly leaseUntil: Date;
  readonly limit: number;
  /** Of any one workspace, but for those named in `shares`. */
  readonly share: number;
  readonly shares: ReadonlyMap<string, number>;
}

export interface Claims {
  readonly claimed: readonly ClaimedDelivery[];
  /** When there may next be something to claim on the platform; null: nothing is open but what is under way. */
  readonly nextAt: Date | null;
}

/** Who hears of one sighting. */
export interface SightingPlan {
  readonly id: SightingId;
  readonly channels: readonly Planned[];
  /** Who would hear of it without a mute; kept with the decision. */
  readonly filtered: readonly Filtered[];
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
   * Marks the sightings matched and promises their posts to the channels, in one statement. A channel that was promised
   * a post before is promised nothing more. `plans` are told in the order of their sightings. Returns the new promises.
   */
  readonly savePlan: (plans: readonly SightingPlan[], now: Date) => Promise<DeliveryId[]>;
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
  /** Channels of these platforms in which something may be due, of unknown fate or to be posted: a cheap question. */
  readonly due: (now: Date, platforms: readonly Platform[], limit: number) => Promise<string[]>;
  /** May anything be due in this channel? */
  readonly isDue: (channel: ChannelRef, now: Date) => Promise<boolean>;
  /** When something is next due on these platforms, a digest too, at the earliest; null when nothing is open. */
  readonly nextDueAt: (platforms: readonly Platform[]) => Promise<Date | null>;
  /**
   * Takes what is due, of each channel the oldest, fairly over workspaces and as fast as the platform allows all
   * processes together. Counts the attempt, except for what is of unknown fate, which is to be looked for; a delivery
   * whose lease ended while it was sent is of unknown fate from then on. What holds its channel's later ones back: see
   * `aside`. However many processes ask, one delivery per channel is under way.
   */
  readonly claimDue: (request: ClaimRequest) => Promise<Claims>;
  /** Ends a claim, together with others that end at the same moment. False if the lease was lost, and nothing changed. */
  readonly record: (claimed: ClaimedDelivery, verdict: Verdict, now: Date) => Promise<boolean>;
  /** Counts requests of all processes, so that none of them sends more than the platform allows. */
  readonly countRequests: (platform: Platform, requests: CountedRequests, now: Date) => Promise<void>;
}
