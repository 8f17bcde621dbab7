import type { Clock } from '../clock.js';
import type { DeliveryState } from '../deliveries/verdict.js';
import type { PolledFeed } from '../feeds/poll-feed.js';
import type { FeedId } from '../ids.js';

/** The real bot as the demo drives it: its own database, its own queue, its own rules; only time is the demo's. */
export interface DemoBot {
  /** One line for a person: where its data are. */
  readonly where: string;
  readonly addFeed: (url: URL, title: string | null) => Promise<FeedId>;
  /** `channel` as a person writes it: `console:noc`. */
  readonly subscribe: (channel: string, what: DemoTarget) => Promise<void>;
  /** Polls the feed now, due or not. */
  readonly poll: (id: FeedId) => Promise<PolledFeed>;
  /** Matches and delivers, through the real queue, until nothing is due at the present time. */
  readonly settle: () => Promise<void>;
  /** When the next waiting delivery is due; null if none waits. After `settle` that is later than the present time. */
  readonly nextDueAt: () => Promise<Date | null>;
  readonly totals: () => Promise<DemoTotals>;
  /** Idempotent. */
  readonly stop: () => Promise<void>;
}

export type DemoTarget =
  { readonly kind: 'everything' } | { readonly kind: 'topic'; /** "bgp" */ readonly topicId: string };

export interface DemoTotals {
  readonly posts: number;
  readonly deliveries: Readonly<Record<DeliveryState['kind'], number>>;
}

/** What the demo asks of whoever starts the bot. */
export interface DemoBotSettings {
  readonly clock: Clock;
  /** `host:port` the bot may poll although it is on loopback. */
  readonly allowHosts: readonly string[];
  /** For the console adapter. */
  readonly write: (text: string) => void;
  /** A few words on what takes time: "Starting the database". */
  readonly onProgress: (text: string) => void;
}

export type StartDemoBot = (settings: DemoBotSettings) => Promise<DemoBot>;
