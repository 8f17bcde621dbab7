import { createStages, perStage, STAGES, type Stage, type StageName } from '../../../jobs/stages.js';
import type { ChatAdapter } from '../../../src/chat/chat-adapter.js';
import { channelName, parseChannel } from '../../../src/chat/channel.js';
import { later } from '../../../src/clock.js';
import { createVirtualClock, type VirtualClock } from '../../../src/demo/virtual-clock.js';
import { parseFeed } from '../../../src/feeds/reading/parse-feed.js';
import { createPool } from '../../../src/store/database.js';
import { createStores, type Stores } from '../../../src/store/stores.js';
import type { Target } from '../../../src/subscriptions/subscription.js';
import { CATALOGUE } from '../../../src/topics/catalogue.js';
import { silentLog } from '../database.js';
import { fetcherFor } from '../fetching.js';
import { lateFeed, roundBegins } from './step-history.js';
import { watchSteps, type WatchedSteps } from './watched-steps.js';

/** The product's own stages, one thing after the other, so that every run takes the same steps. */
export interface StepBot {
  /** Does all that is due in this round, until nothing is. `lateMs`: so long after its beginning. */
  readonly playRound: (round: number, lateMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface StepBotParts {
  readonly databaseUrl: string;
  /** Where feeds are, and where messages go: ends in a slash. */
  readonly worldUrl: string;
  readonly reached: (step: string) => Promise<void>;
}

interface Bot {
  readonly steps: WatchedSteps;
  readonly stages: Readonly<Record<StageName, Stage>>;
  readonly clock: VirtualClock;
  /** Not watched: to look at what the bot did. */
  readonly stores: Stores;
  readonly worldUrl: string;
}

export function createStepBot({ databaseUrl, worldUrl, reached }: StepBotParts): StepBot {
  const steps = watchSteps(reached);
  const pool = createPool({ url: databaseUrl, applicationName: 'tidings-steps' }, silentLog);
  const clock = createVirtualClock(new Date(0));
  const fetcher = fetcherFor([new URL(worldUrl).host], { clock: clock.now });
  const { feeds, deliveries, edits, subscriptions } = createStores(steps.pool(pool));
  const adapter = steps.port(createPostingAdapter(worldUrl), 'from-start');
  const stages = createStages({
    feeds: steps.port(feeds),
    deliveries: steps.port(deliveries),
    edits: steps.port(edits),
    subscriptions: steps.port(subscriptions),
    fetchFeed: steps.call('fetch', fetcher.fetchFeed),
    parseFeed: steps.call('parse', async (body, window) => parseFeed(body, window)),
    adapters: new Map([[adapter.platform, adapter]]),
    topics: CATALOGUE,
    clock: clock.now,
    random: () => 0,
    log: silentLog,
  });
  const bot = { steps, stages, clock, stores: createStores(pool), worldUrl };
  return {
    playRound: (round, lateMs) => playRound(bot, round, lateMs),
    close: async () => {
      await fetcher.close();
      await pool.end();
    },
  };
}

/** An origin is polled every two seconds at most. */
const STEP_MS = 2_000;
const MOST_STEPS = 100;

async function playRound(bot: Bot, round: number, lateMs: number): Promise<void> {
  const { clock } = bot;
  clock.moveTo(later(roundBegins(round), lateMs));
  await call(new URL('round', bot.worldUrl), { round });
  await follow(bot, round);
  const runs = perStage(() => 0);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    while (await doDue(bot, runs));
    if (await isQuiet(bot)) return;
    clock.moveTo(later(clock.now(), STEP_MS));
  }
  throw new Error(`round ${String(round)} does not come to an end`);
}

const MINUTE_MS = 60_000;
/** Feeds are due once a round, and polled in the order of how long each waits. */
const FEEDS = { edited: 60 * MINUTE_MS, rebuilt: 70 * MINUTE_MS, still: 80 * MINUTE_MS };
const LATE_MS = 90 * MINUTE_MS;
/** Longer than any history. */
const NEVER_AGAIN_MS = 24 * 24 * 60 * MINUTE_MS;

async function follow(bot: Bot, round: number): Promise<void> {
  const { stores } = bot;
  if (round === 0) {
    for (const [feed, everyMs] of Object.entries(FEEDS)) await followFeed(bot, feed, everyMs);
    const rebuilt = await stores.feeds.byUrl(new URL('rebuilt', bot.worldUrl));
    if (!rebuilt) throw new Error('not stored');
    await subscribe(bot, 'all', { kind: 'everything' });
    await subscribe(bot, 'rebuilt', { kind: 'feed', feedId: rebuilt.id });
  }
  if (round > 0) await followFeed(bot, lateFeed(round - 1), NEVER_AGAIN_MS);
  await followFeed(bot, lateFeed(round), LATE_MS);
}

async function followFeed({ stores, clock, worldUrl }: Bot, feed: string, everyMs: number): Promise<void> {
  const url = new URL(feed, worldUrl);
  await stores.feeds.add([{ url, title: null }], clock.now(), clock.now());
  const stored = await stores.feeds.byUrl(url);
  if (stored) await stores.feeds.set(stored.id, { everyMs });
}

async function subscribe({ stores, clock }: Bot, name: string, target: Target): Promise<void> {
  const channel = parseChannel(`console:${name}`);
  await stores.subscriptions.add({ channel, target, createdBy: 'test' }, clock.now());
  await stores.channels.setPace(channel, { perHour: null, burst: null });
}

/** One look at each stage, as the sweep has it, and what it finds is done. */
async function doDue({ steps, stages }: Bot, runs: Record<StageName, number>): Promise<boolean> {
  let didAny = false;
  for (const name of STAGES) {
    const ids = await steps.during(`${name} ${String(runs[name] + 1)}`, () => stages[name].due(100));
    for (const id of name === 'deliver' ? ids : ids.slice(0, 1)) {
      runs[name] += 1;
      didAny = true;
      await steps.during(`${name} ${String(runs[name])}`, async () => {
        const rings = stages[name].run(id)[Symbol.asyncIterator]();
        while (!(await rings.next()).done) await steps.at('rings');
      });
    }
  }
  return didAny;
}

async function isQuiet({ stores, clock }: Bot): Promise<boolean> {
  const feeds = await stores.feeds.list();
  const { deliveries } = await stores.statusOf.counts();
  const open = deliveries.pending + deliveries.sending + deliveries.unknown;
  return open === 0 && feeds.every(({ nextPollAt }) => nextPollAt !== null && nextPollAt > clock.now());
}

/** A platform of another process: what it accepted stays accepted whatever becomes of this one. */
function createPostingAdapter(worldUrl: string): ChatAdapter {
  return {
    platform: 'console',
    routes: [],
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    post: async (channel, { title }, { id }) => {
      await call(new URL('post', worldUrl), { channel: channelName(channel), key: id, title });
      return { kind: 'posted', messageId: id };
    },
    edit: (_channel, messageId) => Promise.resolve({ kind: 'posted', messageId }),
    find: async (_channel, _message, { id }) => {
      const found = await call(new URL('find', worldUrl), { key: id });
      return found === true ? { kind: 'found', messageId: id } : { kind: 'absent' };
    },
  };
}

async function call(url: URL, body: object): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return response.json();
}
