import type { DeliveryId, SightingId } from '../src/ids.js';
import { deliver, type DeliverDeps } from '../src/deliveries/deliver.js';
import { matchSighting, type MatchDeps } from '../src/deliveries/match-sighting.js';
import { pollDue, type PollDeps } from '../src/feeds/poll-feed.js';

export const STAGES = ['poll', 'match', 'deliver'] as const;
export type StageName = (typeof STAGES)[number];

/** Something the queue should ring for: one id of one stage. */
export interface Ring {
  readonly stage: StageName;
  readonly ids: readonly string[];
}

/** One step of the flow. The database says what is due; running an id twice is harmless. */
export interface Stage {
  /** What to ring for. */
  readonly due: (limit: number) => Promise<readonly string[]>;
  /** Tells what it made due, as soon as it is. */
  readonly run: (id: string) => AsyncIterable<Ring>;
}

/** The bot in one table: feed → sighting → delivery. The queue only rings the bell. */
export function createStages(deps: PollDeps & MatchDeps & DeliverDeps): Record<StageName, Stage> {
  const { clock } = deps;
  return {
    poll: {
      // One ring for each batch: the feed it names is polled together with others that are due.
      due: (limit) => deps.feeds.due(clock(), limit),
      run: () => ringsForPolls(deps),
    },
    match: {
      due: (limit) => deps.deliveries.unmatched(clock(), limit),
      async *run(id) {
        yield { stage: 'deliver', ids: await matchSighting(deps, id as SightingId) };
      },
    },
    deliver: {
      due: (limit) => deps.deliveries.due(clock(), [...deps.adapters.keys()], limit),
      async *run(id) {
        yield { stage: 'deliver', ids: await deliver(deps, id as DeliveryId) };
      },
    },
  };
}

async function* ringsForPolls(deps: PollDeps): AsyncGenerator<Ring> {
  for await (const polled of pollDue(deps)) {
    if (polled.kind === 'read') yield { stage: 'match', ids: polled.saved.sightings };
  }
}
