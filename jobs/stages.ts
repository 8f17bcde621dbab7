import type { DeliveryId, SightingId } from '../src/ids.js';
import { deliver, type DeliverDeps } from '../src/deliveries/deliver.js';
import { matchSightings, type MatchDeps } from '../src/deliveries/match-sightings.js';
import { releaseDue, type ReleaseDeps } from '../src/deliveries/release-due.js';
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
export function createStages(deps: PollDeps & MatchDeps & ReleaseDeps & DeliverDeps): Record<StageName, Stage> {
  const { clock } = deps;
  const matchBell: Bell = { rungAt: -Infinity };
  return {
    poll: {
      // One ring for each batch, and not more than there are hands: each goes on while anything is due.
      due: (limit) => deps.feeds.due(clock(), Math.min(limit, POLL_RINGS)),
      run: () => ringsForPolls(deps, matchBell),
    },
    match: {
      // One ring matches all; a few more, because a killed process takes the name of its ring with it for a while.
      due: async (limit) => {
        const sightings = await deps.deliveries.unmatched(clock(), Math.min(limit, MATCH_RINGS));
        const slots = sightings.length < MATCH_RINGS ? await deps.deliveries.slotsDue(clock(), 1) : [];
        return [...sightings.map(({ id }) => id), ...slots];
      },
      async *run() {
        for await (const ids of matchSightings(deps)) yield { stage: 'deliver', ids };
        for await (const ids of releaseDue(deps)) yield { stage: 'deliver', ids };
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

const POLL_RINGS = 20;
const MATCH_RINGS = 3;
/** A ring costs more than matching a post: polls that end close together share one. */
const RING_EVERY_MS = 100;

/** When it was last rung, by `performance.now()`. */
interface Bell {
  rungAt: number;
}

async function* ringsForPolls(deps: PollDeps, bell: Bell): AsyncGenerator<Ring> {
  let newest: SightingId | undefined;
  for await (const polled of pollDue(deps)) {
    if (polled.kind === 'read') newest = polled.saved.sightings.at(-1) ?? newest;
    if (newest === undefined || performance.now() - bell.rungAt < RING_EVERY_MS) continue;
    bell.rungAt = performance.now();
    yield { stage: 'match', ids: [newest] };
    newest = undefined;
  }
  if (newest !== undefined) yield { stage: 'match', ids: [newest] };
}
