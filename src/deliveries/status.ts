import type { DeliveryState } from './verdict.js';

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
  readonly edit: StageLoad;
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

/** The status as a person reads it, one fact a line. */
export function statusLines({ feeds, posts, deliveries, queue }: Status): string[] {
  const { held, pending, sending, unknown, sent, abandoned, digested } = deliveries;
  return [
    `feeds       ${String(feeds)}`,
    `posts       ${String(posts)}`,
    `deliveries  ${String(pending)} pending, ${String(sending)} sending, ${String(unknown)} unknown, ` +
      `${String(sent)} sent, ${String(abandoned)} abandoned, ${String(digested)} named in digests, ` +
      `${String(held)} held for digests`,
    `queue       ${typeof queue === 'string' ? queue : queueLine(queue)}`,
  ];
}

function queueLine({ backend, ...stages }: QueueLoad): string {
  const loads = Object.entries(stages).map(
    ([stage, { waiting, active }]) => `${stage} ${String(waiting)} waiting, ${String(active)} active`,
  );
  return [backend === 'redis' ? 'on Redis' : 'on PostgreSQL', ...loads].join('; ');
}
