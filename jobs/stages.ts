import { randomUUID } from 'node:crypto';
import type { DeliveryId, SightingId } from '../src/ids.js';
import { createSenders, type DeliverDeps } from '../src/deliveries/senders.js';
import { editMessage, type EditDeps } from '../src/deliveries/edit-message.js';
import { matchSightings, type MatchDeps } from '../src/deliveries/match-sightings.js';
import { releaseDue, type ReleaseDeps } from '../src/deliveries/release-due.js';
import { pollDue, type PollDeps } from '../src/feeds/poll-feed.js';
import { within } from './within.js';

export const STAGES = ['poll', 'match', 'deliver', 'edit'] as const;
export type StageName = (typeof STAGES)[number];

/** One of something for each stage. */
export function perStage<T>(make: (stage: StageName) => T): Record<StageName, T> {
  return { poll: make('poll'), match: make('match'), deliver: make('deliver'), edit: make('edit') };
}

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
  /** Begins nothing more; resolves once what goes on after its ring has ended. */
  readonly stop?: () => Promise<void>;
}

/** The bot in one table: feed → sighting → delivery, and the edit of what was sent. The queue only rings the bell. */
export function createStages(
  deps: PollDeps & MatchDeps & ReleaseDeps & DeliverDeps & EditDeps,
): Record<StageName, Stage> {
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
        try {
          for await (const promised of matchSightings(deps)) yield { stage: 'deliver', ids: promised.slice(-1) };
        } finally {
          // A sighting that cannot be matched keeps no digest waiting.
          for await (const promised of releaseDue(deps)) yield { stage: 'deliver', ids: promised.slice(-1) };
        }
      },
    },
    deliver: createDeliverStage(deps),
    edit: createEditStage(deps),
  };
}

/** One ring sends all that is due; those that come meanwhile make it look again. */
function createDeliverStage(deps: DeliverDeps): Stage {
  const senders = createSenders(deps);
  return {
    // Never the id of a ring that still runs, which the queue would drop.
    due: async () => ((await senders.isAnyDue()) ? [randomUUID()] : []),
    async *run() {
      const woken = senders.wake();
      // What goes on for long goes on without the job, which must not outlive its lock.
      if (await within(SENDING_MS, woken)) await woken;
      yield* [];
    },
    stop: senders.stop,
  };
}

const SENDING_MS = 5_000;

/** Nothing rings for it but the sweep: what is new goes first, and a minute does not matter. */
function createEditStage(deps: EditDeps): Stage {
  return {
    due: async (limit) => {
      const now = deps.clock();
      await deps.edits.prepare(now);
      return deps.edits.due(now, [...deps.adapters.keys()], Math.min(limit, EDIT_RINGS));
    },
    async *run(id) {
      await editMessage(deps, id as DeliveryId);
      yield* [];
    },
  };
}

const EDIT_RINGS = 10;

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
