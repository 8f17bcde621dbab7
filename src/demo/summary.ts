import Table from 'cli-table3';
import type { DemoTotals } from './demo-bot.js';
import { together, unchangedEntries, type FeedTally } from './tally.js';

export interface Summary {
  /** By feed name, in the order they are listed. */
  readonly feeds: ReadonlyMap<string, FeedTally>;
  readonly totals: DemoTotals;
  /** How much time went by for the feeds. */
  readonly virtualMs: number;
  readonly tookMs: number;
}

const DAY_MS = 86_400_000;
const BLANK = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', right: '', 'right-mid': '', middle: '' },
};

/** The end of the demo as a person reads it. */
export function renderSummary({ feeds, totals, virtualMs, tookMs }: Summary): string {
  const sum = together([...feeds.values()]);
  const repeats = [
    `${String(sum.rebuilt)} of a rebuilt site`,
    `${String(sum.elsewhere)} of a story another feed had`,
    `${String(unchangedEntries(sum))} unchanged`,
  ];
  const lines = [
    `${count(totals.posts, 'unique post')} in ${count(feeds.size, 'feed')}: ${String(sum.backlog)} backlog, ${String(sum.announced)} announced`,
    `${count(sum.entries, 'entry', 'entries')} in ${count(sum.polls, 'poll')}, ${String(sum.unchangedPolls)} of them answered "not modified"`,
    `repeats withheld: ${repeats.join(', ')}`,
    `documents that could not be read: ${String(sum.troubles.length)}`,
    `deliveries: ${deliveriesLine(totals.deliveries)}`,
    `${count(Math.round(virtualMs / DAY_MS), 'day')} of feeds in ${(tookMs / 1000).toFixed(1)} s`,
  ];
  return `${feedTable(feeds)}\n\n${lines.map((line) => `${capital(line)}.\n`).join('')}`;
}

/** The same as one line of JSON. */
export function summaryJson({ feeds, totals, virtualMs, tookMs }: Summary): string {
  const sum = together([...feeds.values()]);
  const summary = {
    feeds: feeds.size,
    polls: sum.polls,
    entries: sum.entries,
    uniquePosts: totals.posts,
    backlog: sum.backlog,
    announced: sum.announced,
    repeatsWithheld: { rebuiltSite: sum.rebuilt, otherFeed: sum.elsewhere, unchanged: unchangedEntries(sum) },
    unreadableDocuments: sum.troubles.length,
    deliveries: totals.deliveries,
    virtualDays: Math.round(virtualMs / DAY_MS),
    tookMs,
  };
  return `${JSON.stringify({ summary })}\n`;
}

function feedTable(feeds: ReadonlyMap<string, FeedTally>): string {
  const table = new Table({
    head: ['feed', 'polls', 'backlog', 'announced', 'rebuilt', 'elsewhere', 'unread'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    chars: BLANK,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [], compact: true },
  });
  for (const [feed, one] of feeds) {
    table.push([feed, one.polls, one.backlog, one.announced, one.rebuilt, one.elsewhere, one.troubles.length]);
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function deliveriesLine(deliveries: DemoTotals['deliveries']): string {
  const { sent, pending, sending, unknown, abandoned, digested } = deliveries;
  const rest = [
    { number: digested, state: 'named in digests' },
    { number: sending, state: 'under way' },
    { number: unknown, state: 'of unknown fate' },
    { number: abandoned, state: 'given up' },
  ].filter(({ number }) => number > 0);
  return [
    `${String(sent)} sent`,
    `${String(pending)} pending`,
    ...rest.map(({ number, state }) => `${String(number)} ${state}`),
  ].join(', ');
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}

function capital(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1);
}
