import { createStages, STAGES, type Ring, type Stage, type StageName } from '../../../jobs/stages.js';
import type { ChatAdapter } from '../../../src/chat/chat-adapter.js';
import { parseChannel } from '../../../src/chat/channel.js';
import { createVirtualClock, type VirtualClock } from '../../../src/demo/virtual-clock.js';
import { parseAllowList, isAllowListed } from '../../../src/feeds/fetching/address-guard.js';
import { createFetcher } from '../../../src/feeds/fetching/fetcher.js';
import { pollFeedNow, type PollDeps } from '../../../src/feeds/poll-feed.js';
import type { ParseFeed } from '../../../src/feeds/reading/feed-document.js';
import type { FeedId, SightingId } from '../../../src/ids.js';
import { createStores, type Stores } from '../../../src/store/stores.js';
import type { Target } from '../../../src/subscriptions/subscription.js';
import { CATALOGUE } from '../../../src/topics/catalogue.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../../support/database.js';
import { createRecordingAdapter, type Announcement } from './recorder.js';
import type { ReplayedFeed } from './replay.js';
import type { Snapshots } from './snapshots.js';

/** Feeds with a bot of their own: its database, its time, its channels. */
export interface World {
  readonly name: string;
  /** The names of its feeds. */
  readonly feeds: readonly string[];
  /** Polls one of its feeds at that time, then lets time pass until nothing that it brought is still to be told. */
  readonly poll: (feed: string, at: Date) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface WorldParts {
  readonly name: string;
  readonly feeds: readonly ReplayedFeed[];
  readonly startsAt: Date;
  /** Shared by all worlds: large documents are read one at a time. */
  readonly parseFeed: ParseFeed;
  readonly snapshots: Snapshots;
  readonly announce: (announcement: Announcement) => void;
}

/** What a world is made of, once it is open. */
interface Bot {
  readonly stores: Stores;
  readonly clock: VirtualClock;
  readonly pollDeps: PollDeps;
  readonly stages: Readonly<Record<StageName, Stage>>;
  readonly adapter: ChatAdapter;
}

interface Followed {
  readonly id: FeedId;
  readonly name: string;
  readonly url: URL;
}

/** One channel for each feed, named like it, and one for them all, whose name ends in an asterisk. */
export async function openWorld(parts: WorldParts): Promise<World> {
  const database = await openTestDatabase();
  const followed = new Map<string, Followed>();
  const snapshotOf = new Map<SightingId, number>();
  const nameOf = (id: FeedId) => [...followed.values()].find((one) => one.id === id)?.name ?? '';
  const adapter = createRecordingAdapter({
    pool: database.pool,
    nameOf,
    snapshotOf: (id) => snapshotOf.get(id) ?? null,
    announce: parts.announce,
  });
  const { bot, close } = createBot(parts, database, adapter);
  for (const one of await follow(bot, parts)) followed.set(one.name, one);
  return {
    name: parts.name,
    feeds: [...followed.keys()],
    poll: async (name, at) => {
      const feed = followed.get(name);
      if (!feed) throw new Error(`${parts.name} has no feed ${name}`);
      bot.clock.moveTo(at);
      const polled = await pollFeedNow(bot.pollDeps, feed.id);
      if (!polled) throw new Error(`${name} is still being polled`);
      const brought = polled.kind === 'read' ? polled.saved.sightings : [];
      for (const id of brought) snapshotOf.set(id, parts.snapshots.of(feed.url));
      await tellAll(bot);
    },
    close,
  };
}

function createBot(
  { feeds, startsAt, parseFeed }: WorldParts,
  { pool, drop }: TestDatabase,
  adapter: ChatAdapter,
): { readonly bot: Bot; readonly close: () => Promise<void> } {
  const clock = createVirtualClock(startsAt);
  const { allow } = parseAllowList([...new Set(feeds.map(({ url }) => new URL(url).host))]);
  const about = new URL('https://tidings.test/');
  const fetcher = createFetcher({ allow, clock: clock.now, product: 'Tidings/test', about });
  const stores = createStores(pool, (url) => isAllowListed(url, allow));
  const outside = { clock: clock.now, random: () => 0, log: silentLog, fetchFeed: fetcher.fetchFeed, parseFeed };
  const pollDeps = { ...outside, feeds: stores.feeds };
  const adapters = new Map([[adapter.platform, adapter]]);
  const stages = createStages({ ...pollDeps, ...stores, adapters, topics: CATALOGUE });
  const close = async () => {
    await fetcher.close();
    await drop();
  };
  return { bot: { stores, clock, pollDeps, stages, adapter }, close };
}

async function follow({ stores, clock }: Bot, { name, feeds }: WorldParts): Promise<Followed[]> {
  const now = clock.now();
  const subscribe = (channel: string, target: Target) =>
    stores.subscriptions.add({ channel: parseChannel(`console:${channel}`), target, createdBy: 'eval' }, now);
  const followed: Followed[] = [];
  for (const { feed, url } of feeds) {
    const [added] = await stores.feeds.add([{ url: new URL(url), title: null }], now, now);
    if (!added) throw new Error(`${url} is there twice`);
    followed.push({ id: added.id, name: feed, url: added.url });
    await subscribe(spelled(feed), { kind: 'feed', feedId: added.id });
  }
  await subscribe(`${spelled(name)}*`, { kind: 'everything' });
  return followed;
}

/** As the name of a channel can be: only one of them ends in an asterisk. */
function spelled(name: string): string {
  return name.replace(/[^\w.-]/g, '-').slice(0, 70);
}

/** Does all that is due, and moves on to when something is due next, as often as there is anything. */
async function tellAll(bot: Bot): Promise<void> {
  for (;;) {
    await doAllDue(bot);
    const dueAt = await bot.stores.deliveries.nextDueAt([bot.adapter.platform]);
    if (!dueAt) return;
    if (dueAt <= bot.clock.now()) throw new Error(`something due at ${dueAt.toISOString()} was left undone`);
    bot.clock.moveTo(dueAt);
  }
}

const LOOK_AT = 100;

/** Every stage but polling, which happens when the replay says so. */
async function doAllDue({ stages }: Bot): Promise<void> {
  const names = STAGES.filter((name) => name !== 'poll');
  for (let didAny = true; didAny;) {
    didAny = false;
    for (const stage of names) {
      for (const id of await stages[stage].due(LOOK_AT)) {
        await doRung(stages, { stage, ids: [id] });
        didAny = true;
      }
    }
  }
}

/** Does what was rung for, and what that rings for, one after the other. */
async function doRung(stages: Readonly<Record<StageName, Stage>>, first: Ring): Promise<void> {
  const rung = [first];
  for (let ring = rung.shift(); ring; ring = rung.shift()) {
    for (const id of ring.ids) {
      for await (const next of stages[ring.stage].run(id)) rung.push(next);
    }
  }
}
