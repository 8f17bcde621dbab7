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

/** As many as one look brings. */
const BATCH = 100;

/**
 * Decide who hears of each post that nobody has matched yet, the oldest first, so that the posts of one poll are told in
 * their order. Yields what was promised. One that fails stops no other; the first error is thrown at the end.
 */
export async function* matchUnmatched(deps: MatchDeps): AsyncGenerator<DeliveryId[]> {
  const tried = new Set<SightingId>();
  const errors: unknown[] = [];
  for (;;) {
    const ids = await deps.deliveries.unmatched(deps.clock(), BATCH + errors.length);
    const rest = ids.filter((id) => !tried.has(id));
    if (rest.length === 0) break;
    const promised: DeliveryId[] = [];
    for (const id of rest) {
      tried.add(id);
      try {
        promised.push(...(await matchSighting(deps, id)));
      } catch (error) {
        errors.push(error);
      }
    }
    yield promised;
  }
  if (errors.length > 0) throw errors[0];
}

/** Decide who hears of a post because this feed showed it. Safe to call any number of times. */
export async function matchSighting(deps: MatchDeps, id: SightingId): Promise<DeliveryId[]> {
  const sighting = await deps.deliveries.sighting(id, deps.clock());
  if (!sighting) return [];
  const subscriptions = await deps.subscriptions.reachableFrom(sighting.feedId);
  return deps.deliveries.savePlan(id, plan(sighting, deps.topics, subscriptions), deps.clock());
}
