import { createParsePool } from '../../../src/feeds/reading/parse-pool.js';
import type { ParseFeed } from '../../../src/feeds/reading/feed-document.js';
import { beginRun, endRun } from '../../support/test-run.js';
import type { Exchange } from '../suite.js';
import { createReplay, type Replay, type ReplayedFeed } from './replay.js';
import { sideBySide } from './side-by-side.js';
import { watchSnapshots, type Snapshots } from './snapshots.js';
import { openWorld, type World } from './world.js';

/** Worlds that are worked on at once: while one waits for the database, another reads. */
const AT_ONCE = 4;
const SAY_EVERY_STEPS = 10;

/** Follows the feeds of a replay server, whose address is the argument, and answers with what the channels are told. */
export async function announce(exchange: Exchange): Promise<void> {
  const [base] = exchange.args;
  if (base === undefined) throw new Error('usage: npm run eval -- announce <address of the replay server>');
  const parsers = createParsePool();
  const snapshots = watchSnapshots();
  await beginRun();
  try {
    await followAll(exchange, createReplay(new URL(base)), { parseFeed: parsers.parseFeed, snapshots });
  } finally {
    snapshots.close();
    await parsers.close();
    await endRun();
  }
}

interface Shared {
  readonly parseFeed: ParseFeed;
  readonly snapshots: Snapshots;
}

async function followAll({ answer, progress }: Exchange, replay: Replay, shared: Shared): Promise<void> {
  let told = 0;
  const count = (announcement: unknown): void => {
    told += 1;
    answer(announcement);
  };
  const worlds = await openWorlds(replay, { ...shared, announce: count });
  const feeds = worlds.flatMap((world) => world.feeds);
  progress(`${String(feeds.length)} feeds in ${String(worlds.length)} worlds: polling the backlogs`);
  await pollAll(worlds, feeds, await replay.times());
  for (let step = 1; ; step += 1) {
    const changed = await replay.advance();
    if (!changed) break;
    await pollAll(worlds, changed, await replay.times());
    if (step % SAY_EVERY_STEPS === 0) progress(`step ${String(step)}: ${String(told)} told`);
  }
  progress(`the end: ${String(told)} told`);
  await sideBySide(worlds, AT_ONCE, (world) => world.close());
}

async function openWorlds(
  replay: Replay,
  shared: Shared & Pick<Parameters<typeof openWorld>[0], 'announce'>,
): Promise<readonly World[]> {
  const times = await replay.times();
  const worlds: World[] = [];
  for (const [name, feeds] of groupsOf(await replay.feeds())) {
    worlds.push(await openWorld({ ...shared, name, feeds, startsAt: earliest(feeds, times) }));
  }
  return worlds;
}

/** Each group with its name; a feed without a group stands alone, under its own. */
function groupsOf(
  feeds: readonly ReplayedFeed[],
): readonly (readonly [name: string, feeds: readonly ReplayedFeed[]])[] {
  const alone = feeds.filter(({ group }) => !group);
  const groups = new Set(feeds.flatMap(({ group }) => group ?? []));
  return [
    ...[...groups].map((name) => [name, feeds.filter(({ group }) => group === name)] as const),
    ...alone.map((feed) => [feed.feed, [feed]] as const),
  ];
}

function earliest(feeds: readonly ReplayedFeed[], times: ReadonlyMap<string, Date>): Date {
  return new Date(Math.min(...feeds.map(({ feed }) => timeOf(feed, times).getTime())));
}

/** In each world, its feeds in the order of their snapshots. */
async function pollAll(
  worlds: readonly World[],
  changed: readonly string[],
  times: ReadonlyMap<string, Date>,
): Promise<void> {
  const inOrder = [...changed].sort((a, b) => timeOf(a, times).getTime() - timeOf(b, times).getTime());
  await sideBySide(worlds, AT_ONCE, async (world) => {
    for (const feed of inOrder.filter((each) => world.feeds.includes(each)))
      await world.poll(feed, timeOf(feed, times));
  });
}

function timeOf(feed: string, times: ReadonlyMap<string, Date>): Date {
  const time = times.get(feed);
  if (!time) throw new Error(`the replay server knows no time of ${feed}`);
  return time;
}
