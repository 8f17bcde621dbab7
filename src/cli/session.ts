import type { ChannelRef } from '../chat/channel.js';
import type { Clock } from '../clock.js';
import type { DeliveryStore } from '../deliveries/delivery-store.js';
import type { Pace } from '../deliveries/pace.js';
import type { PauseStore } from '../deliveries/pause.js';
import type { SampleStore } from '../deliveries/sample.js';
import type { Status } from '../deliveries/status.js';
import type { WhyReport } from '../deliveries/why.js';
import type { FeedStore } from '../feeds/feed-store.js';
import type { PollMany } from '../feeds/poll-by-hand.js';
import type { AddFeedResult, FeedFailure, ImportResult, PolledNow, SeveralFeeds } from '../feeds/poll-result.js';
import type { FeedPreview } from '../feeds/preview-feed.js';
import type { FeedId } from '../ids.js';
import type { PostStore } from '../search/search-posts.js';
import type { Hours, HoursChange, HoursStore } from '../subscriptions/schedule-for.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { Topic } from '../topics/topic.js';

/** What one command may use. It works beside a running bot: everything goes through the database. */
export interface CliSession {
  readonly feeds: Pick<FeedStore, 'list' | 'byUrl' | 'remove' | 'set'>;
  readonly subscriptions: Pick<SubscriptionStore, 'add' | 'remove' | 'list'>;
  readonly pauses: PauseStore;
  readonly deliveries: Pick<DeliveryStore, 'held'>;
  readonly channels: HoursStore & {
    /** Changes what is given, keeps the rest. Returns what holds now. */
    readonly setHours: (channel: ChannelRef, change: HoursChange) => Promise<Hours>;
  };
  readonly posts: Pick<PostStore, 'search'>;
  readonly samples: SampleStore;
  readonly topics: readonly Topic[];
  /** `address` as typed: of a feed, or of a page that names it. */
  readonly addFeed: (address: string, options?: { readonly verifyTls: boolean }) => Promise<AddFeedResult>;
  /** Stores nothing. */
  readonly previewFeed: (address: string) => Promise<FeedPreview | SeveralFeeds | FeedFailure>;
  /** `opml` is the document as it is on disk. Adds what is new, due at once; polls nothing. */
  readonly importFeeds: (opml: Uint8Array) => Promise<ImportResult>;
  readonly pollNow: (id: FeedId) => Promise<PolledNow>;
  /** As fast as their origins allow; what is left when it is told to stop stays due. */
  readonly pollMany: (ids: readonly FeedId[], how: PollMany) => Promise<void>;
  /** Changes what is given, keeps the rest. Returns what holds now. */
  readonly setPace: (channel: ChannelRef, pace: Partial<Pace>) => Promise<Pace>;
  readonly setPublish: (channel: ChannelRef, publish: boolean) => Promise<void>;
  readonly status: () => Promise<Status>;
  /** `asked`: a link, a guid or words. */
  readonly why: (asked: string) => Promise<WhyReport>;
  readonly clock: Clock;
  readonly close: () => Promise<void>;
}

export interface DemoOptions {
  readonly keep: boolean;
  readonly json: boolean;
  /** A folder of recorded feeds, or null for the bundled ones. */
  readonly feedsDir: string | null;
  /** Names of the feeds to play; null for all. */
  readonly only: readonly string[] | null;
}

/** What the command line starts. Each is called by its own command only. */
export interface CliParts {
  /** Opens the database and nothing else: no worker, no platform. */
  readonly open: () => Promise<CliSession>;
  /** Runs the bot until it is told to stop; `json` is for console channels. Returns the exit code. */
  readonly start: (options: { readonly json: boolean }) => Promise<number>;
  /** Returns the exit code. */
  readonly demo: (options: DemoOptions) => Promise<number>;
}

/** Where the command line writes. */
export interface CliIo {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Standard output is a terminal. */
  readonly isTTY: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  readonly colour: boolean;
  /** What a person types in answer, empty if nothing; null if nobody can be asked. */
  readonly ask: (question: string) => Promise<string | null>;
  /** Aborted by Ctrl-C from the moment this is called. */
  readonly interrupted: () => AbortSignal;
}
