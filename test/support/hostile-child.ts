import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllowList } from '../../src/feeds/fetching/address-guard.js';
import type { ParseOutcome } from '../../src/feeds/reading/feed-document.js';
import type { FetchOutcome } from '../../src/feeds/fetching/fetch-outcome.js';
import { createFetcher } from '../../src/feeds/fetching/fetcher.js';
import { createParsePool } from '../../src/feeds/reading/parse-pool.js';
import { pollFeedNow, type PollDeps } from '../../src/feeds/poll-feed.js';
import { createPool } from '../../src/store/database.js';
import { createStores } from '../../src/store/stores.js';
import { answerCalls } from './child-calls.js';
import { silentLog } from './database.js';
import type { HostileCall, HostilePoll } from './hostile-run.js';
import { forgetPeak, peakRssMb, rssMb } from './process-memory.js';
import { watchTurns } from './turns.js';

/** Polls the feeds it is told the addresses of, one after the other, as the product does, and says what that cost. */
const [databaseUrl = '', origin = ''] = process.argv.slice(2);
/** One more turn, so that the last piece of work is counted too. */
const LAST_TURN_MS = 20;
const LIMITS = { totalMs: 2_000, firstByteMs: 2_000 };

const { allow } = parseAllowList([new URL(origin).host]);
const fetcher = createFetcher({
  allow,
  product: 'Tidings/test',
  about: new URL(origin),
  clock: () => new Date(),
  limits: LIMITS,
});
const parsers = createParsePool();
const database = createPool({ url: databaseUrl, applicationName: 'tidings-hostile' }, silentLog);
const stores = createStores(database, () => true);
let fetched: FetchOutcome | null = null;
let parsed: ParseOutcome | null = null;
const deps: PollDeps = {
  feeds: stores.feeds,
  fetchFeed: async (request) => (fetched = await fetcher.fetchFeed(request)),
  parseFeed: async (body, window) => (parsed = await parsers.parseFeed(body, window)),
  clock: () => new Date(),
  random: Math.random,
  log: silentLog,
};
const NOTHING = { ms: 0, held: { delayMs: 0, cpuMs: 0 }, rssBefore: 0, peakRss: 0 };
const turns = watchTurns();

async function poll(path: string): Promise<HostilePoll> {
  const now = new Date();
  const url = new URL(path, origin);
  const [added] = await stores.feeds.add([{ url, title: null }], now, now);
  const id = added?.id ?? (await stores.feeds.byUrl(url))?.id;
  if (id === undefined) throw new Error(`${url.href} is not stored`);
  [fetched, parsed] = [null, null];
  await forgetPeak();
  const rssBefore = rssMb();
  turns.longest();
  const startedAt = performance.now();
  const polled = await pollFeedNow(deps, id);
  const ms = performance.now() - startedAt;
  await sleep(LAST_TURN_MS);
  return { end: endOf(polled?.kind ?? 'not polled'), ms, held: turns.longest(), rssBefore, peakRss: await peakRssMb() };
}

function endOf(polled: string): string {
  if (fetched?.kind === 'failed') return fetched.reason;
  return parsed?.kind === 'not-a-feed' ? parsed.kind : polled;
}

await answerCalls((call) =>
  poll((call as HostileCall).path).catch((error: unknown) => ({ ...NOTHING, end: `threw ${String(error)}` })),
);
turns.stop();
await parsers.close();
await fetcher.close();
await database.end();
