import type { FeedId, SubscriptionId } from '../ids.js';
import type { ChannelRef } from '../chat/channel.js';
import type { Mute, MuteTarget, MuteView } from './mute.js';
import type { Schedule } from './schedule.js';
import type { Subscription } from './subscription.js';

/** A subscription as a list shows it. */
export interface SubscriptionView extends Subscription {
  /** The feed's address, for a feed subscription. */
  readonly feedUrl: string | null;
  readonly feedTitle: string | null;
  /** Why nothing is posted in this channel, by the platform's refusal or by a pause, or null while all is well. */
  readonly channelTrouble: string | null;
  /** Since when it does; null while all is well. */
  readonly troubledSince: Date | null;
  /** Messages sent to the channel in the last 7 days, whichever subscription brought them. */
  readonly sentLast7Days: number;
}

export interface SubscriptionStore {
  /**
   * A second subscription of one channel to one target changes only its schedule, if one is given: `added` and
   * `changed` tell. Without a schedule a new one is told at once.
   */
  readonly add: (
    wish: Pick<Subscription, 'channel' | 'target' | 'createdBy'> & { readonly schedule?: Schedule | undefined },
    now: Date,
  ) => Promise<{ readonly subscription: Subscription; readonly added: boolean; readonly changed: boolean }>;
  /** False if there was none. */
  readonly remove: (id: SubscriptionId) => Promise<boolean>;
  /** Oldest first; of one channel, or of all. */
  readonly list: (channel: ChannelRef | null, now: Date) => Promise<SubscriptionView[]>;
  /** Quiet from a feed or from words; one that stands already is quiet until then from now on. */
  readonly mute: (mute: Mute, createdBy: string, now: Date) => Promise<void>;
  /** False if there was none. */
  readonly unmute: (channel: ChannelRef, target: MuteTarget) => Promise<boolean>;
  /** Those that hold, oldest first; of one channel, or of all. */
  readonly mutes: (channel: ChannelRef | null, now: Date) => Promise<MuteView[]>;
  /** Every subscription that a sighting in these feeds could satisfy: the feeds' own, and all topics, queries and everything. */
  readonly reachableFrom: (feedIds: readonly FeedId[]) => Promise<Subscription[]>;
}
