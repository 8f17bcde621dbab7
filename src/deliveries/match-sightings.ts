import type { DeliveryId, SightingId } from '../ids.js';
import type { Clock } from '../clock.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { Topic } from '../topics/topic.js';
import type { DeliveryStore, SightingPlan } from './delivery-store.js';
import { plan, withoutMuted, type Sighting } from './plan.js';

export interface MatchDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'reachableFrom' | 'mutes'>;
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
    const mutes = await deps.subscriptions.mutes(null, deps.clock());
    const planned = (one: Sighting): SightingPlan => ({
      id: one.id,
      ...withoutMuted(plan(one, deps.topics, { subscriptions, now: deps.clock() }), one, mutes),
    });
    for (const run of inRuns(sightings)) {
      const [{ burst }] = run;
      const together = burst === null ? run : await deps.deliveries.unmatchedOf(burst);
      for (const { id } of [...run, ...together]) tried.add(id);
      const { promised, failed } = await save(deps, burst, together.map(planned));
      errors.push(...failed);
      yield promised;
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** Neighbours that no burst holds together, or all that are seen of one burst. */
type Run = readonly [Sighting, ...Sighting[]];

function inRuns(sightings: readonly Sighting[]): Run[] {
  const runs: [Sighting, ...Sighting[]][] = [];
  for (const one of sightings) {
    const last = runs.at(-1);
    const ofBurst = one.burst !== null && runs.find(([{ burst }]) => burst === one.burst);
    if (ofBurst) ofBurst.push(one);
    else if (one.burst === null && last?.[0].burst === null) last.push(one);
    else runs.push([one]);
  }
  return runs;
}

interface Saved {
  readonly promised: DeliveryId[];
  readonly failed: readonly unknown[];
}

/** A burst is saved as a whole. Of the others each is tried alone if they cannot be saved together. */
async function save(deps: MatchDeps, burst: string | null, plans: readonly SightingPlan[]): Promise<Saved> {
  const now = deps.clock();
  try {
    const promised = await (burst === null
      ? deps.deliveries.savePlan(plans, now)
      : deps.deliveries.saveBurst(plans, now));
    return { promised, failed: [] };
  } catch (error) {
    if (burst !== null || plans.length <= 1) return { promised: [], failed: [error] };
    const each = [];
    for (const one of plans) each.push(await save(deps, null, [one]));
    return { promised: each.flatMap((one) => one.promised), failed: each.flatMap((one) => one.failed) };
  }
}
