import type { DeliveryId, FeedId, SightingId } from '../src/ids.js';
import { deliver, type DeliverDeps } from '../src/deliveries/deliver.js';
import { matchSighting, type MatchDeps } from '../src/deliveries/match-sighting.js';
import { pollDueFeed, type PollDeps } from '../src/feeds/poll-feed.js';

export const STAGES = ['poll', 'match', 'deliver'] as const;
export type StageName = (typeof STAGES)[number];

/** Something the queue should ring for: one id of one stage. */
export interface Ring {
  readonly stage: StageName;
  readonly ids: readonly string[];
}

/** One step of the flow. The database says what is due; running an id twice is harmless. */
export interface Stage {
  readonly due: (limit: number) => Promise<readonly string[]>;
  /** Returns what it made due. */
  readonly run: (id: string) => Promise<Ring>;
}

/** The bot in one table: feed → sighting → delivery. The queue only rings the bell. */
export function createStages(deps: PollDeps & MatchDeps & DeliverDeps): Record<StageName, Stage> {
  const { clock } = deps;
  return {
    poll: {
      due: (limit) => deps.feeds.due(clock(), limit),
      run: async (id) => ({ stage: 'match', ids: await pollDueFeed(deps, id as FeedId) }),
    },
    match: {
      due: (limit) => deps.deliveries.unmatched(limit),
      run: async (id) => ({ stage: 'deliver', ids: await matchSighting(deps, id as SightingId) }),
    },
    deliver: {
      due: (limit) => deps.deliveries.due(clock(), [...deps.adapters.keys()], limit),
      run: async (id) => ({ stage: 'deliver', ids: await deliver(deps, id as DeliveryId) }),
    },
  };
}
