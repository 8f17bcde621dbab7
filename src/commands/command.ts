import type { CommandCall, CommandSpec, Reply } from '../chat/command.js';
import type { Clock } from '../clock.js';
import type { DeliveryStore } from '../deliveries/delivery-store.js';
import type { RefusalStore } from '../deliveries/refusal.js';
import type { SampleStore } from '../deliveries/sample.js';
import type { WhyStore } from '../deliveries/why.js';
import type { FeedStore } from '../feeds/feed-store.js';
import type { PostStore } from '../search/search-posts.js';
import type { HoursStore } from '../subscriptions/schedule-for.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { Topic } from '../topics/topic.js';

/** What commands may use. */
export interface CommandDeps {
  readonly feeds: Pick<FeedStore, 'byUrl'>;
  readonly subscriptions: Pick<SubscriptionStore, 'add' | 'remove' | 'list' | 'mute' | 'unmute' | 'mutes'>;
  readonly channels: HoursStore;
  readonly deliveries: Pick<DeliveryStore, 'held'>;
  readonly posts: PostStore;
  readonly refusals: Pick<RefusalStore, 'tryAgain'>;
  readonly samples: SampleStore;
  readonly whyOf: WhyStore;
  /** The catalogue, in the order in which it is listed. */
  readonly topics: readonly Topic[];
  readonly clock: Clock;
}

/** A slash command, the same on every platform: what it is called, and what it does. */
export interface Command {
  readonly spec: CommandSpec;
  /** Rejects with a UserError for what the caller got wrong. */
  readonly run: (deps: CommandDeps, call: CommandCall) => Promise<Reply>;
}
