import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Feed } from '../../src/feeds/feed.js';
import { keyedEntry } from '../../src/posts/entry-keys.js';
import type { Entry } from '../../src/posts/post.js';
import { openDatabase, type Database } from '../../src/store/database.js';
import { rows } from '../../src/store/rows.js';
import { createStores } from '../../src/store/stores.js';
import { silentLog } from '../support/database.js';
import { forgetPeak, peakRssMb } from '../support/process-memory.js';
import { articleOf, feedUrl, fill, POSTS_PER_FEED } from './many-posts.js';
import { multiply } from './multiply-posts.js';
import type { BenchOptions } from './options.js';
import type { BenchReport } from './report.js';

const SMALL = 10_000;
const DOCUMENTS = 100;
const WARM_UP = 40;
/** Of each document: entries that the feed has shown before, new ones, and a copy of what another feed has brought. */
const KNOWN = 10;
const FRESH = 9;
const ENTRIES = KNOWN + FRESH + 1;
const LOOKED_INTO = 50;
/** Of each feed. */
const LOOKUPS = 40;

/** What it takes to decide and store whether an entry is new, with few and with many posts stored. */
export async function benchIdentity({ posts }: BenchOptions, progress: (text: string) => void): Promise<BenchReport> {
  const small = await openFilled(Math.min(SMALL, posts), progress);
  try {
    const large = await openFilled(posts, progress);
    try {
      return await reportOf(await measure([small, large]), [small, large]);
    } finally {
      await close(large);
    }
  } finally {
    await close(small);
  }
}

/** A database server of its own. */
interface Filled {
  readonly database: Database;
  readonly folder: string;
  readonly feeds: number;
  /** Whose posts have the keys that the product made; those of the other feeds are copies. */
  readonly real: number;
}

async function openFilled(posts: number, progress: (text: string) => void): Promise<Filled> {
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
  const database = await openDatabase({ databaseUrl: null, dataDir: folder, log: silentLog });
  const feeds = posts / POSTS_PER_FEED;
  const originals = numbers(Math.min(SMALL, posts) / POSTS_PER_FEED, 0);
  const real = new Set([...originals, ...measuredFeeds(feeds)]);
  await fill(database.pool, originals);
  const copies = numbers(feeds, 0).filter((feed) => !real.has(feed));
  if (copies.length > 0) await multiply(database.pool, originals, copies);
  await fill(
    database.pool,
    [...real].filter((feed) => feed >= originals.length),
  );
  await database.pool.query('vacuum analyze');
  await database.pool.query('checkpoint');
  progress(`Stored ${String(posts)} posts in ${String(Math.round((performance.now() - startedAt) / 1_000))} s.`);
  return { database, folder, feeds, real: real.size };
}

async function close({ database, folder }: Filled): Promise<void> {
  await database.stop();
  await rm(folder, { recursive: true, force: true });
}

/** All feeds that are polled, copied from or looked into. */
function measuredFeeds(feeds: number): number[] {
  const polled = numbers(WARM_UP + DOCUMENTS, 0).map((number) => polledFeed(feeds, number));
  return [
    ...polled,
    ...polled.map((feed) => otherFeed(feeds, feed)),
    ...numbers(LOOKED_INTO, 0).map((index) => lookedIntoFeed(feeds, index)),
  ];
}

const polledFeed = (feeds: number, number: number) => (number * 37) % feeds;
const otherFeed = (feeds: number, feed: number) => (feed + 1 + Math.floor(feeds / 2)) % feeds;
const lookedIntoFeed = (feeds: number, index: number) => (index * 101) % feeds;

interface Measured {
  readonly documentMs: number[];
  readonly lookupMs: number[];
}

/** By turns, so that whatever else the machine does slows all alike. */
async function measure(databases: readonly Filled[]): Promise<Measured[]> {
  const measured = databases.map((): Measured => ({ documentMs: [], lookupMs: [] }));
  await forgetPeak();
  for (let number = 0; number < WARM_UP + DOCUMENTS; number += 1) {
    for (const [index, { database, feeds }] of databases.entries()) {
      const ms = await saveOne(database, feeds, number);
      if (number >= WARM_UP) measured[index]?.documentMs.push(ms);
    }
  }
  for (let number = 0; number < LOOKED_INTO; number += 1)
    for (const [index, one] of databases.entries()) measured[index]?.lookupMs.push(await lookup(one, number));
  return measured;
}

/** Milliseconds for one document, one transaction. */
async function saveOne({ pool }: Database, feeds: number, number: number): Promise<number> {
  const at = polledFeed(feeds, number);
  const feed = await storedFeed(pool, at);
  const entries = documentOf(at, otherFeed(feeds, at), number);
  const document = {
    ...{ title: 'A feed', siteUrl: null, bodyHash: String(number), partial: false },
    entries: entries.map((entry) => ({ digest: digestOf(entry), entry })),
  };
  const startedAt = performance.now();
  const saved = await createStores(pool).feeds.saveDocument(feed, document, null, new Date());
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

/** Milliseconds for the least that any feed reader asks of one entry: is this guid known? */
async function lookup({ database: { pool }, feeds }: Filled, index: number): Promise<number> {
  const at = lookedIntoFeed(feeds, index);
  const { id } = await storedFeed(pool, at);
  const keys = numbers(LOOKUPS, 0).map((number) => keyedEntry(articleOf(at, number)).keys.guid);
  const startedAt = performance.now();
  for (const key of keys) await rows(pool, LOOKUP, [id, key]);
  return (performance.now() - startedAt) / LOOKUPS;
}

const LOOKUP = 'select 1 from entry_keys where feed_id = $1 and key = $2';

async function reportOf(measured: readonly Measured[], databases: readonly Filled[]): Promise<BenchReport> {
  const results = measured.map(({ documentMs, lookupMs }, index) => ({
    posts: (databases[index]?.feeds ?? 0) * POSTS_PER_FEED,
    real: (databases[index]?.real ?? 0) * POSTS_PER_FEED,
    meanMs: mean(documentMs) / ENTRIES,
    medianMs: median(documentMs) / ENTRIES,
    lookupMs: median(lookupMs),
  }));
  const [small, large] = results;
  const ratio = (of: 'meanMs' | 'medianMs') => ((large?.[of] ?? 0) / (small?.[of] ?? 1)).toFixed(2);
  return {
    name: 'identity',
    head: ['posts stored', 'ms per entry', 'median', 'entries /s', 'ms per guid lookup', 'lookups per entry'],
    rows: results.map(({ posts, meanMs, medianMs, lookupMs }) => [
      ...[posts, meanMs.toFixed(3), medianMs.toFixed(3), Math.round(1_000 / meanMs), lookupMs.toFixed(3)],
      (medianMs / lookupMs).toFixed(1),
    ]),
    notes: [
      `Documents of ${String(ENTRIES)} entries: ${String(KNOWN)} known, ${String(FRESH)} new, 1 copied from another feed.`,
      `Cost with many posts, compared to few: ${ratio('meanMs')}, of the medians ${ratio('medianMs')} (goal: at most 1.5).`,
      `The process that decides, and generates the entries, held at most ${String(Math.round(await peakRssMb()))} MB.`,
      `${String(large?.real)} of the many posts, and all that a document is about, have the keys that the product makes.`,
      'The others are copies of them: keys shared by several posts are shared by as large a part, the rest are random.',
    ],
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
