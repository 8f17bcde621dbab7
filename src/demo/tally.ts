import type { PolledFeed } from '../feeds/poll-feed.js';

/** What one feed came to, poll by poll. */
export interface FeedTally {
  readonly polls: number;
  /** Entries in all the documents that were read, the same entry counted each time. */
  readonly entries: number;
  /** Posts of the first good poll: stored, never announced. */
  readonly backlog: number;
  /** New posts after it: announced. */
  readonly announced: number;
  /** Entries that a less careful bot would have announced again. */
  readonly rebuilt: number;
  /** Entries whose post had come from another feed. */
  readonly elsewhere: number;
  /** Polls that brought nothing to read, because nothing had changed. */
  readonly unchangedPolls: number;
  /** Why documents could not be read, one for each. */
  readonly troubles: readonly string[];
  /** True once a first document was read. */
  readonly primed: boolean;
}

export const NO_POLLS: FeedTally = {
  polls: 0,
  entries: 0,
  backlog: 0,
  announced: 0,
  rebuilt: 0,
  elsewhere: 0,
  unchangedPolls: 0,
  troubles: [],
  primed: false,
};

export function counted(before: FeedTally, polled: PolledFeed): FeedTally {
  const tally = { ...before, polls: before.polls + 1 };
  switch (polled.kind) {
    case 'failed':
      return { ...tally, troubles: [...tally.troubles, polled.text] };
    case 'unchanged':
      return { ...tally, unchangedPolls: tally.unchangedPolls + 1 };
    case 'read': {
      const { entries, newPosts, withheld } = polled.saved;
      return {
        ...tally,
        entries: tally.entries + entries,
        backlog: tally.backlog + (before.primed ? 0 : newPosts),
        announced: tally.announced + (before.primed ? newPosts : 0),
        rebuilt: tally.rebuilt + withheld.rebuilt,
        elsewhere: tally.elsewhere + withheld.elsewhere,
        primed: true,
      };
    }
  }
}

/** Entries that stood in a feed as they stood there before. */
export function unchangedEntries({ entries, backlog, announced, rebuilt, elsewhere }: FeedTally): number {
  return entries - backlog - announced - rebuilt - elsewhere;
}

export function together(tallies: readonly FeedTally[]): FeedTally {
  return tallies.reduce(
    (sum, one) => ({
      polls: sum.polls + one.polls,
      entries: sum.entries + one.entries,
      backlog: sum.backlog + one.backlog,
      announced: sum.announced + one.announced,
      rebuilt: sum.rebuilt + one.rebuilt,
      elsewhere: sum.elsewhere + one.elsewhere,
      unchangedPolls: sum.unchangedPolls + one.unchangedPolls,
      troubles: [...sum.troubles, ...one.troubles],
      primed: sum.primed || one.primed,
    }),
    NO_POLLS,
  );
}
