import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Feed } from '../../src/feeds/feed.js';
import { keyedEntry } from '../../src/posts/entry-keys.js';
import type { Entry } from '../../src/posts/post.js';
import { openDatabase, type Database } from '../../src/store/database.js';
import { saveDocument } from '../../src/store/save-document.js';
import { rows } from '../../src/store/rows.js';
import { createStores } from '../../src/store/stores.js';
import { silentLog } from '../support/database.js';
import { forgetPeak, peakRssMb } from '../support/process-memory.js';
import { articleOf, feedUrl, fill, POSTS_PER_FEED } from './many-posts.js';
import type { BenchOptions } from './options.js';
import type { BenchReport } from './report.js';

const SMALL = 10_000;
const DOCUMENTS = 100;
const WARM_UP = 40;
/** Of each document: entries that the feed has shown before, new ones, and a copy of what another feed has brought. */
const KNOWN = 10;
const FRESH = 9;
const ENTRIES = KNOWN + FRESH + 1;
const LOOKUPS = 2_000;

/** What it takes to decide and store whether an entry is new, with few and with many posts stored. */
export async function benchIdentity({ posts }: BenchOptions, progress: (text: string) => void): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
  const database = await openDatabase({ databaseUrl: null, dataDir: folder, log: silentLog });
  try {
    const measured: Measured[] = [];
    let feeds = 0;
    for (const size of [Math.min(SMALL, posts), posts]) {
      progress(`Filling up to ${String(size)} posts.`);
      await fill(database.pool, feeds, size / POSTS_PER_FEED);
      feeds = size / POSTS_PER_FEED;
      await database.pool.query('vacuum analyze');
      await database.pool.query('checkpoint');
      measured.push(await measure(database, feeds, measured.length));
    }
    return reportOf(measured);
  } finally {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly posts: number;
  readonly entryMs: number;
  readonly lookupMs: number;
  readonly peakMb: number;
}

async function measure(database: Database, feeds: number, round: number): Promise<Measured> {
  const offset = round * (DOCUMENTS + WARM_UP);
  for (let number = 0; number < WARM_UP; number += 1) await saveOne(database, feeds, offset + number);
  await forgetPeak();
  let ms = 0;
  for (let number = WARM_UP; number < WARM_UP + DOCUMENTS; number += 1)
    ms += await saveOne(database, feeds, offset + number);
  return {
    posts: feeds * POSTS_PER_FEED,
    entryMs: ms / (DOCUMENTS * ENTRIES),
    lookupMs: await lookups(database, feeds),
    peakMb: await peakRssMb(),
  };
}

/** Milliseconds for one document, one transaction. */
async function saveOne({ pool }: Database, feeds: number, number: number): Promise<number> {
  const at = (number * 37) % feeds;
  const feed = await storedFeed(pool, at);
  const entries = documentOf(at, (at + 1 + Math.floor(feeds / 2)) % feeds, number);
  const document = {
    ...{ title: 'A feed', siteUrl: null, bodyHash: String(number), partial: false },
    entries: entries.map((entry) => ({ digest: digestOf(entry), entry })),
  };
  const startedAt = performance.now();
  const saved = await saveDocument(pool, { feed, document, recordOf: null, now: new Date() });
  const ms = performance.now() - startedAt;
  if (saved.newPosts !== FRESH || saved.withheld.elsewhere !== 1) throw new Error(`decided ${JSON.stringify(saved)}`);
  return ms;
}

async function storedFeed(pool: Database['pool'], at: number): Promise<Feed> {
  const feed = await createStores(pool).feeds.byUrl(feedUrl(at));
  if (!feed) throw new Error(`feed ${String(at)} is not stored`);
  return feed;
}

function documentOf(feed: number, other: number, number: number): Entry[] {
  const from = 1_000 + number * FRESH;
  const copied = articleOf(other, 1 + (number % 9));
  return [
    ...numbers(FRESH, from).map((each) => ({ ...articleOf(feed, each), title: articleOf(feed, each * 10 + 1).title })),
    { ...copied, guid: `copy-${String(number)}`, link: new URL(`/copies/${String(number)}`, feedUrl(feed)) },
    ...numbers(KNOWN, 11).map((each) => articleOf(feed, each)),
  ];
}

function numbers(count: number, from: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

function digestOf(entry: Entry): string {
  return createHash('sha256').update(JSON.stringify(entry)).digest('hex').slice(0, 16);
}

/** Milliseconds for the least that any feed reader asks: is this guid known? */
async function lookups({ pool }: Database, feeds: number): Promise<number> {
  const asked = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const at = (index * 101) % feeds;
      const { id } = await storedFeed(pool, at);
      return { id, keys: numbers(40, 0).map((number) => keyedEntry(articleOf(at, number)).keys.guid) };
    }),
  );
  const startedAt = performance.now();
  for (const { id, keys } of asked) for (const key of keys) await rows(pool, LOOKUP, [id, key]);
  return (performance.now() - startedAt) / LOOKUPS;
}

const LOOKUP = 'select 1 from entry_keys where feed_id = $1 and key = $2';

function reportOf(measured: readonly Measured[]): BenchReport {
  const [small, large] = measured;
  const ratio = (large?.entryMs ?? 0) / (small?.entryMs ?? 1);
  return {
    name: 'identity',
    head: ['posts stored', 'ms per entry', 'entries /s', 'ms per guid lookup', 'lookups per entry', 'peak MB'],
    rows: measured.map(({ posts, entryMs, lookupMs, peakMb }) => [
      ...[posts, entryMs.toFixed(3), Math.round(1_000 / entryMs), lookupMs.toFixed(3)],
      ...[(entryMs / lookupMs).toFixed(1), Math.round(peakMb)],
    ]),
    notes: [
      `Documents of ${String(ENTRIES)} entries: ${String(KNOWN)} known, ${String(FRESH)} new, 1 copied from another feed.`,
      `Cost with many posts, compared to few: ${ratio.toFixed(2)} (goal: at most 1.5).`,
      'The peak is that of the process that decides, which also generates the entries.',
    ],
  };
}
