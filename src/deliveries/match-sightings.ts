import type { DeliveryId, SightingId } from '../ids.js';
import type { Clock } from '../clock.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { Topic } from '../topics/topic.js';
import type { DeliveryStore, SightingPlan } from './delivery-store.js';
import { plan, type Sighting } from './plan.js';

export interface MatchDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'reachableFrom'>;
  readonly deliveries: Pick<DeliveryStore, 'unmatched' | 'unmatchedOf' | 'savePlan' | 'saveBurst'>;
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
      if (tried.has(sighting.id)) continue;
      const together = await matchedWith(deps, sighting);
      for (const { id } of [sighting, ...together]) tried.add(id);
      try {
        const plans = together.map((one) => ({
          id: one.id,
          channels: plan(one, deps.topics, { subscriptions, now: deps.clock() }),
        }));
        promised.push(...(await save(deps, sighting, plans)));
      } catch (error) {
        errors.push(error);
      }
    }
    yield promised;
  }
  if (errors.length > 0) throw errors[0];
}

/** The burst that it is part of, as far as it is not matched; or the sighting alone. */
async function matchedWith(deps: MatchDeps, sighting: Sighting): Promise<readonly Sighting[]> {
  return sighting.burst === null ? [sighting] : deps.deliveries.unmatchedOf(sighting.burst);
}

function save(deps: MatchDeps, { burst }: Sighting, plans: readonly SightingPlan[]): Promise<DeliveryId[]> {
  const [only] = plans;
  if (burst !== null) return deps.deliveries.saveBurst(plans, deps.clock());
  return only ? deps.deliveries.savePlan(only.id, only.channels, deps.clock()) : Promise.resolve([]);
}
