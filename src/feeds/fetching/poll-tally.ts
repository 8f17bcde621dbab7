import type { FetchFeed, FetchOutcome } from './fetch-outcome.js';

/** What this process' polls came to since it began. */
export interface PollTally {
  /** By outcome: `fetched`, `unchanged`, `throttled`, `gone`, or why it failed (`timeout`, `dns`, …). */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of bodies, decoded. */
  readonly bytes: number;
  /** Time spent waiting for origins, of all polls together. */
  readonly ms: number;
}

/** Counts what passes through; it changes nothing. */
export function tallied(fetchFeed: FetchFeed): { readonly fetchFeed: FetchFeed; readonly tally: () => PollTally } {
  const outcomes = new Map<string, number>();
  let bytes = 0;
  let ms = 0;
  return {
    fetchFeed: async (request) => {
      const startedAtMs = performance.now();
      const outcome = await fetchFeed(request);
      ms += performance.now() - startedAtMs;
      bytes += outcome.kind === 'fetched' ? outcome.body.byteLength : 0;
      outcomes.set(labelOf(outcome), (outcomes.get(labelOf(outcome)) ?? 0) + 1);
      return outcome;
    },
    tally: () => ({ outcomes: Object.fromEntries(outcomes), bytes, ms }),
  };
}

function labelOf(outcome: FetchOutcome): string {
  return outcome.kind === 'failed' ? outcome.reason : outcome.kind;
}
