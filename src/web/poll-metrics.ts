import type { Manners } from '../feeds/fetching/manners.js';
import type { PollTally } from '../feeds/fetching/poll-tally.js';
import type { Metric } from './metrics.js';

const MANNERS: Readonly<Record<keyof Manners, string>> = {
  requests: 'all',
  conditional: 'conditional',
  unconditional: 'unconditional',
  unconditionalAgain: 'unconditional-again',
  outOfSequence: 'out-of-sequence',
  bogus: 'bogus',
  early: 'early',
  cookies: 'cookies',
  referrers: 'referrers',
  altered: 'altered',
};

/** What this process' polls came to, and how they behaved towards the publishers. */
export function pollMetrics(manners: () => Manners, tally: () => PollTally): readonly Metric[] {
  return [
    {
      name: 'tidings_poll_requests_total',
      help: 'Requests of polls as publishers see them; from unconditional-again on, all should stay 0',
      kind: 'counter',
      label: 'seen_as',
      read: () => Object.fromEntries(Object.entries(manners()).map(([name, n]) => [MANNERS[name as keyof Manners], n])),
    },
    {
      name: 'tidings_polls_total',
      help: 'Polls by outcome',
      kind: 'counter',
      label: 'outcome',
      read: () => tally().outcomes,
    },
    { name: 'tidings_poll_bytes_total', help: 'Bytes of feeds, decoded', kind: 'counter', read: () => tally().bytes },
    {
      name: 'tidings_poll_seconds_total',
      help: 'Seconds spent waiting for publishers',
      kind: 'counter',
      read: () => tally().ms / 1000,
    },
  ];
}
