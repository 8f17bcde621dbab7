import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { FeedBody, ParseOutcome } from '../../src/feeds/reading/feed-document.js';
import { parseFeed } from '../../src/feeds/reading/parse-feed.js';
import { createParsePool, type ParseBounds, type ParsePool } from '../../src/feeds/reading/parse-pool.js';

/** Threads run compiled code only. */
const COMPILED = pathToFileURL(
  join(import.meta.dirname, '..', '..', 'dist', 'src', 'feeds', 'reading', 'parse-worker.js'),
);
const NOTHING = new Set<string>();
const BEYOND: ParseOutcome = { kind: 'not-a-feed', looksLike: 'beyond-bounds' };
const ANSWERED: ParseOutcome = { kind: 'not-a-feed', looksLike: 'empty' };

let folder: string;
let pools: ParsePool[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidings-pool-'));
  pools = [];
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await rm(folder, { recursive: true });
});

function openPool(worker: URL, bounds: Partial<ParseBounds> = {}): ParsePool {
  const pool = createParsePool({ worker, bounds: { inPlaceBytes: 10, ...bounds } });
  pools.push(pool);
  return pool;
}

/** A thread that does what the path of the address says. */
async function scripted(): Promise<URL> {
  const file = join(folder, 'worker.mjs');
  await writeFile(file, SCRIPT);
  return pathToFileURL(file);
}

const SCRIPT = `
let count = 0;
export function parseInThread({ baseUrl }) {
  count += 1;
  const { pathname } = new URL(baseUrl);
  if (pathname === '/hang') for (;;);
  if (pathname === '/grow') for (const all = []; ; ) all.push(new Array(1000).fill(count));
  if (pathname === '/fail') throw new TypeError('a fault of ours');
  if (pathname === '/count') return { kind: 'not-a-feed', looksLike: String(count) };
  return { kind: 'not-a-feed', looksLike: 'empty' };
}`;

function bodyAt(path: string, text = 'more than ten bytes'): FeedBody {
  return { bytes: Buffer.from(text), contentType: null, baseUrl: new URL(path, 'https://a.example/') };
}

const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link href="/"/><link rel="hub" href="https://hub.example/"/>
<link rel="self" href="/feed"/><entry><id>1</id><title>One</title><link href="/1"/><published>2026-01-02T03:04:05Z</published>
<content type="html">&lt;img src="/1.png"&gt;Text&lt;/p&gt;</content></entry><entry><id>2</id><title>Two</title></entry></feed>`;

test('a thread reads a document exactly as it is read in place', async () => {
  const body = bodyAt('/feed', ATOM);
  const pool = openPool(COMPILED);
  const here = await parseFeed(body, NOTHING);
  expect(here).toMatchObject({ kind: 'parsed', document: { siteUrl: new URL('https://a.example/') } });
  expect(await pool.parseFeed(body, NOTHING)).toEqual(here);

  const digests = here.kind === 'parsed' ? here.document.entries.map(({ digest }) => digest) : [];
  const known = new Set(digests.slice(0, 1));
  expect(await pool.parseFeed(body, known)).toEqual(await parseFeed(body, known));
});

const NEWS = '<item><title>News</title></item>';
const OLD = [`<item><title>Old</title><description>${'old '.repeat(1_000)}</description></item>`];

function rssOf(...entries: readonly string[]): string {
  return `<rss version="2.0"><channel><title>F</title>${entries.join('')}</channel></rss>`;
}

async function digestsOf(text: string): Promise<Set<string>> {
  const outcome = await parseFeed(bodyAt('/feed', text), NOTHING);
  return new Set(outcome.kind === 'parsed' ? outcome.document.entries.map(({ digest }) => digest) : []);
}

test('a small document needs no thread', async () => {
  const pool = openPool(new URL('file:///nowhere.mjs'), { inPlaceBytes: 10_000 });
  expect(await pool.parseFeed(bodyAt('/feed', ATOM), NOTHING)).toMatchObject({ kind: 'parsed' });
});

test('a large document with little news needs no thread, and is read as it is there', async () => {
  const body = bodyAt('/feed', rssOf(NEWS, ...OLD));
  const pool = openPool(await scripted(), { inPlaceBytes: 1_000 });
  const known = await digestsOf(rssOf(...OLD));
  const read = await pool.parseFeed(body, known);
  expect(read).toEqual(await parseFeed(body, known));
  expect(read).toMatchObject({
    kind: 'parsed',
    document: { entries: [{ entry: { title: 'News' } }, { entry: null }] },
  });
});

test.each([
  ['with much news', [NEWS, 'n'.repeat(1_000)]],
  [
    'whose known entries cannot be set apart',
    [NEWS, ...OLD.map((entry) => entry.replace('<item', '<item xmlns:x="y"'))],
  ],
])('a large document %s goes to the thread', async (_, entries) => {
  const pool = openPool(await scripted(), { inPlaceBytes: 1_000 });
  const known = await digestsOf(rssOf(...OLD));
  expect(await pool.parseFeed(bodyAt('/feed', rssOf(...entries)), known)).toEqual(ANSWERED);
});

test.each([
  ['in another encoding', Buffer.from(`${rssOf(NEWS, ...OLD)}\xe9`, 'latin1'), null],
  ['whose bytes are no letters', Buffer.from(rssOf(NEWS, ...OLD)), 'text/xml; charset=utf-7'],
])('a large document %s goes to the thread', async (_, bytes, contentType) => {
  const pool = openPool(await scripted(), { inPlaceBytes: 1_000 });
  const known = await digestsOf(rssOf(...OLD));
  expect(await pool.parseFeed({ ...bodyAt('/feed'), bytes, contentType }, known)).toEqual(ANSWERED);
});

test('a document that is too large to look through goes to the thread', async () => {
  const pool = openPool(await scripted(), { inPlaceBytes: 1_000, searchedBytes: 2_000 });
  const known = await digestsOf(rssOf(...OLD));
  expect(await pool.parseFeed(bodyAt('/feed', rssOf(NEWS, ...OLD)), known)).toEqual(ANSWERED);
});

test('a document that takes too long is beyond bounds, and those that wait behind it are read', async () => {
  const pool = openPool(await scripted(), { limitMs: 1_000 });
  const outcomes = await Promise.all(
    ['/a', '/hang', '/b', '/hang', '/c'].map((path) => pool.parseFeed(bodyAt(path), NOTHING)),
  );
  expect(outcomes).toEqual([ANSWERED, BEYOND, ANSWERED, BEYOND, ANSWERED]);
});

test('a document that takes too much memory is beyond bounds, and the next is read', async () => {
  const pool = openPool(await scripted(), { heapMb: 32 });
  const outcomes = await Promise.all(['/grow', '/a'].map((path) => pool.parseFeed(bodyAt(path), NOTHING)));
  expect(outcomes).toEqual([BEYOND, ANSWERED]);
});

test('a fault of ours is not taken for a fault of the document', async () => {
  const pool = openPool(await scripted());
  await expect(pool.parseFeed(bodyAt('/fail'), NOTHING)).rejects.toThrow('a fault of ours');
  expect(await pool.parseFeed(bodyAt('/a'), NOTHING)).toEqual(ANSWERED);
});

test('an idle thread ends', async () => {
  const pool = openPool(await scripted(), { idleMs: 50 });
  const counted = (): Promise<unknown> => pool.parseFeed(bodyAt('/count'), NOTHING);
  expect(await counted()).toMatchObject({ looksLike: '1' });
  expect(await counted()).toMatchObject({ looksLike: '2' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await counted()).toMatchObject({ looksLike: '1' });
});
