import type { Clock } from '../clock.js';
import type { DeliveryId } from '../ids.js';
import type { Topic } from '../topics/topic.js';
import type { DeliveryStore } from './delivery-store.js';

export interface ReleaseDeps {
  readonly deliveries: Pick<DeliveryStore, 'slotsDue' | 'release'>;
  readonly topics: readonly Topic[];
  readonly clock: Clock;
}

const BATCH = 50;

/**
 * Makes digests of what is held for slots that have come, channel by channel. Yields what was promised. Safe to run any
 * number of times at once. One channel that fails stops no other; the first error is thrown at the end.
 */
export async function* releaseDue({ deliveries, topics, clock }: ReleaseDeps): AsyncGenerator<DeliveryId[]> {
  const tried = new Set<DeliveryId>();
  const errors: unknown[] = [];
  for (;;) {
    const due = await deliveries.slotsDue(clock(), BATCH + errors.length);
    const fresh = due.filter((id) => !tried.has(id));
    if (fresh.length === 0) break;
    for (const id of fresh) {
      tried.add(id);
      try {
        yield await deliveries.release(id, topics, clock());
      } catch (error) {
        errors.push(error);
      }
    }
  }
  if (errors.length > 0) throw errors[0];
}
