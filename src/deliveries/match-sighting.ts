import type { DeliveryId, SightingId } from '../ids.js';
import type { Clock } from '../clock.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { Topic } from '../topics/topic.js';
import type { DeliveryStore } from './delivery-store.js';
import { plan } from './plan.js';

export interface MatchDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'reachableFrom'>;
  readonly deliveries: Pick<DeliveryStore, 'sighting' | 'savePlan' | 'unmatched'>;
  readonly topics: readonly Topic[];
  readonly clock: Clock;
}

/** Decide who hears of a post because this feed showed it. Safe to call any number of times. */
export async function matchSighting(deps: MatchDeps, id: SightingId): Promise<DeliveryId[]> {
  const sighting = await deps.deliveries.sighting(id, deps.clock());
  if (!sighting) return [];
  const subscriptions = await deps.subscriptions.reachableFrom(sighting.feedId);
  return deps.deliveries.savePlan(id, plan(sighting, deps.topics, subscriptions), deps.clock());
}
