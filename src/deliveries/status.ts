import type { DeliveryState } from './delivery.js';

/** Jobs of one stage, as the queue counts them. */
export interface StageLoad {
  readonly waiting: number;
  readonly active: number;
}

export interface QueueLoad {
  readonly backend: 'redis' | 'postgres';
  readonly poll: StageLoad;
  readonly match: StageLoad;
  readonly deliver: StageLoad;
}

/** What the database counts. */
export interface StoredCounts {
  readonly feeds: number;
  readonly posts: number;
  readonly deliveries: Readonly<Record<DeliveryState['kind'], number>>;
}

export interface StatusStore {
  readonly counts: () => Promise<StoredCounts>;
}

/** How the bot stands. `queue` is one line of text when the queue cannot be asked. */
export interface Status extends StoredCounts {
  readonly queue: QueueLoad | string;
}
