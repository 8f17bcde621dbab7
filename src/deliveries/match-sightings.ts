import type { DeliveryId, SightingId } from '../ids.js';
import type { Clock } from '../clock.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { Topic } from '../topics/topic.js';
import type { DeliveryStore } from './delivery-store.js';
import { plan } from './plan.js';

export interface MatchDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'reachableFrom'>;
  readonly deliveries: Pick<DeliveryStore, 'unmatched' | 'savePlan'>;
  readonly topics: readonly Topic[];
  readonly clock: Clock;
}

/** As many as one look brings. */
const BATCH = 100;

/**
 * Decide who hears of each post that nobody has matched yet, because its feed showed it: the oldest first, so that the
 * posts of one poll are told in their order. Yields what was promised. Safe to run any number of times at once. One that
 * fails stops no other; the first error is thrown at the end.
 */
export async function* matchSightings(deps: MatchDeps): AsyncGenerator<DeliveryId[]> {
  const tried = new Set<SightingId>();
  const errors: unknown[] = [];
  for (;;) {
    const found = await deps.deliveries.unmatched(deps.clock(), BATCH + errors.length);
    const sightings = found.filter(({ id }) => !tried.has(id));
    if (sightings.length === 0) break;
    const feedIds = [...new Set(sightings.map(({ feedId }) => feedId))];
    const subscriptions = await deps.subscriptions.reachableFrom(feedIds);
    const promised: DeliveryId[] = [];
    for (const sighting of sightings) {
      tried.add(sighting.id);
      try {
        const channels = plan(sighting, deps.topics, subscriptions);
        promised.push(...(await deps.deliveries.savePlan(sighting.id, channels, deps.clock())));
      } catch (error) {
        errors.push(error);
      }
    }
    yield promised;
  }
  if (errors.length > 0) throw errors[0];
}
