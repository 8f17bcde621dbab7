import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Feed } from '../../src/feeds/feed.js';
import type { FeedId } from '../../src/ids.js';
import type { Entry } from '../../src/posts/post.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const FIRST_PUBLISHED = Date.UTC(2026, 1, 1);
const HOUR_MS = 3_600_000;
const RUNS = 25;
let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());

function feedWith(backlog: readonly Entry[]): Promise<Feed> {
  return primedFeed(stores.feeds, `https://feed.example/${randomUUID()}`, backlog, NOW);
}

async function poll(feed: Feed, entries: readonly Entry[]): Promise<void> {
  await stores.feeds.saveDocument(feed, document(entries), () => goodPoll(NOW), NOW);
}

interface Told {
  readonly title: string;
  readonly post: string;
}

async function announcedBy(id: FeedId): Promise<Told[]> {
  const { rows } = await database.pool.query<Told>(
    'select title, post_id as post from sightings where feed_id = $1 and announced order by title',
    [id],
  );
  return rows;
}

async function titlesFrom(feed: Feed): Promise<string[]> {
  return (await announcedBy(feed.id)).map(({ title }) => title);
}

/** An article that shares no word with any other, not with its like in another run of the same property either. */
function article(run: string, id: number, over: Partial<Entry> = {}): Entry {
  const name = `${run}/${String(id)}`;
  return entry(wordsOf(`${name}/title`, 5), {
    guid: `tag:blog.example,2026:${name}`,
    link: new URL(`https://blog.example/${name}`),
    text: wordsOf(`${name}/text`, 40),
    publishedAt: new Date(FIRST_PUBLISHED + id * 6 * HOUR_MS),
    ...over,
  });
}

function wordsOf(name: string, count: number): string {
  const bytes = createHash('shake256', { outputLength: count * 4 })
    .update(name)
    .digest();
  const letters = [...bytes].map((byte) => String.fromCharCode(97 + (byte % 26))).join('');
  return (letters.match(/.{4}/g) ?? []).join(' ');
}

/** One feed over time: which articles each of its documents shows. The first document is its backlog. */
interface Past {
  readonly articles: readonly number[];
  /** The same in all its documents: what only a grown window shows is old, and not announced. */
  readonly shows: number;
  readonly documents: readonly { readonly upTo: number; readonly rebuilt: boolean }[];
}

const ARTICLES = 10;
const past: fc.Arbitrary<Past> = fc.record({
  articles: fc.subarray(
    Array.from({ length: ARTICLES }, (_, id) => id),
    { minLength: 3 },
  ),
  shows: fc.integer({ min: 1, max: 6 }),
  documents: fc
    .array(fc.record({ upTo: fc.nat(ARTICLES), rebuilt: fc.boolean() }), { minLength: 2, maxLength: 4 })
    .map((documents) => documents.sort((a, b) => a.upTo - b.upTo)),
});

/** The newest first, as feeds have it; a rebuilt site gives all its articles other guids. */
function entriesOf(run: string, { articles, shows, documents }: Past, index: number): Entry[] {
  const { upTo, rebuilt } = documents[index] ?? { upTo: 0, rebuilt: false };
  const ids = articles.slice(0, upTo).slice(-shows).reverse();
  return ids.map((id) => article(run, id, rebuilt ? { guid: `build-${String(index)}:${String(id)}` } : {}));
}

/** Polls of documents, by the place of the feed and of its document. What stands in one row happens side by side. */
type Polls = readonly (readonly { readonly feed: number; readonly index: number }[])[];

/** Each document in its turn, any number of times at once, beside those of other feeds, and old ones in between. */
function pollsOf(pasts: readonly Past[]): fc.Arbitrary<Polls> {
  const turns = pasts.flatMap(({ documents }, feed) =>
    documents.slice(1).map((_, index) => ({ feed, index: index + 1 })),
  );
  const order = fc.shuffledSubarray(turns, { minLength: turns.length });
  return fc
    .tuple(order, fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(), fc.nat(2)), { minLength: turns.length }))
    .map(([shuffled, extras]) => {
      const next = pasts.map(() => 1);
      const inTurn = shuffled.map(({ feed }) => {
        const index = next[feed] ?? 1;
        next[feed] = index + 1;
        return { feed, index };
      });
      return sideBySide(inTurn, extras);
    });
}

function sideBySide(
  inTurn: readonly { readonly feed: number; readonly index: number }[],
  extras: readonly (readonly [times: number, old: number, wide: number])[],
): Polls {
  const rows: { feed: number; index: number }[][] = [];
  for (const [place, turn] of inTurn.entries()) {
    const [times, old, wide] = extras[place] ?? [1, 0, 0];
    const last = rows.at(-1);
    // A document waits for those of its feed before it, not for those of others.
    const row = wide > 0 && last && !last.some(({ feed }) => feed === turn.feed) ? last : [];
    if (row !== last) rows.push(row);
    for (let time = 0; time < times; time += 1) row.push(turn);
    const before = inTurn.slice(0, place).filter(({ feed }) => feed === turn.feed);
    const again = before[old % Math.max(before.length, 1)];
    if (again) row.push(again);
  }
  return rows;
}

const history = fc
  .array(past, { minLength: 2, maxLength: 3 })
  .chain((pasts) => fc.record({ pasts: fc.constant(pasts), polls: pollsOf(pasts) }));

test('however the polls of a history are interleaved and repeated, each article is announced once by each feed', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ pasts, polls }) => {
      const run = randomUUID();
      const feeds: Feed[] = [];
      for (const one of pasts) feeds.push(await feedWith(entriesOf(run, one, 0)));
      for (const row of polls) {
        const atOnce = row.flatMap(({ feed: place, index }) => {
          const [feed, one] = [feeds[place], pasts[place]];
          return feed && one ? [poll(feed, entriesOf(run, one, index))] : [];
        });
        await Promise.all(atOnce);
      }
      const told = await Promise.all(feeds.map(({ id }) => announcedBy(id)));
      expect(told.map((each) => each.map(({ title }) => title))).toEqual(pasts.map((one) => newTitles(run, one)));
      const titles = new Set(told.flat().map(({ title }) => title));
      expect(new Set(told.flat().map(({ post }) => post)).size).toBe(titles.size);
    }),
    { numRuns: RUNS },
  );
});

/** What a feed shows after its backlog and not in it, each once. */
function newTitles(run: string, one: Past): string[] {
  const titlesIn = (index: number) => entriesOf(run, one, index).map(({ title }) => title);
  const backlog = new Set(titlesIn(0));
  const later = new Set(one.documents.slice(1).flatMap((_, index) => titlesIn(index + 1)));
  return [...later].filter((title) => !backlog.has(title)).sort();
}

/** Few values for many entries, so that they collide in every way. */
const anyEntry = fc
  .record({
    guid: fc.option(fc.constantFrom('a', 'b', 'c')),
    link: fc.option(fc.constantFrom('https://x.example/1', 'https://x.example/2', 'https://x.example/')),
    title: fc.constantFrom('', 'Release 1.2 of routerd', 'Release 1.3 of routerd', 'Governance update'),
    publishedAt: fc.option(fc.constantFrom(new Date(0), new Date(86_400_000), new Date(99 * 86_400_000))),
    text: fc.constantFrom('', 'Short.', 'Another text.'),
  })
  .map(({ link, ...rest }) => entry(rest.title, { ...rest, link: link === null ? null : new URL(link) }));
const anyDocument = fc.uniqueArray(anyEntry, { maxLength: 7, selector: (one) => JSON.stringify(one) });

test('the order of a document decides nothing, however alike its entries are', async () => {
  const permuted = anyDocument.chain((entries) =>
    fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
  );
  await fc.assert(
    fc.asyncProperty(anyDocument, permuted, async (backlog, [asWritten, shuffled]) => {
      const [one, other] = [await feedWith(backlog), await feedWith(backlog)];
      await poll(one, asWritten);
      await poll(other, shuffled);
      expect((await titlesFrom(other)).length).toBe((await titlesFrom(one)).length);
    }),
    { numRuns: 2 * RUNS },
  );
});

describe('a document of which every entry changed in one way announces nothing', () => {
  const stored = fc.uniqueArray(fc.nat(ARTICLES), { minLength: 1 });
  const CHANGES: Readonly<Record<string, (one: Entry, index: number) => Partial<Entry>>> = {
    'other guids': (_, index) => ({ guid: `rebuilt-${String(index)}` }),
    'guids taken away': () => ({ guid: null }),
    'links on another host': ({ link }) => ({ link: link && new URL(link.pathname, 'https://new.example') }),
    'links without TLS': ({ link }) => ({ link: link && new URL(link.href.replace('https:', 'http:')) }),
    'dates a little later': ({ publishedAt }, index) => ({
      publishedAt: publishedAt && new Date(publishedAt.getTime() + (index + 1) * 600_000),
    }),
    'dates taken away': () => ({ publishedAt: null }),
    'one word of each title corrected': ({ title }) => ({ title: title.replace(/^\w+/, 'corrected') }),
    'longer texts': ({ text }) => ({ text: `${text} More of it.` }),
  };
  const LACKS: Readonly<Record<string, Partial<Entry>>> = {
    guids: { guid: null },
    dates: { publishedAt: null },
    nothing: {},
  };
  test.each(Object.keys(LACKS).flatMap((lack) => Object.keys(CHANGES).map((change) => ({ lack, change }))))(
    '$change, in a feed that lacks $lack',
    async ({ lack, change }) => {
      await fc.assert(
        fc.asyncProperty(stored, async (ids) => {
          const run = randomUUID();
          const before = ids.map((id) => article(run, id, LACKS[lack]));
          const feed = await feedWith(before);
          const after = before.map((one, index) => ({ ...one, ...CHANGES[change]?.(one, index) }));
          await poll(feed, after);
          await poll(feed, before);
          expect(await titlesFrom(feed)).toEqual([]);
        }),
        { numRuns: 4 },
      );
    },
  );
});

test('an article that comes with a guid another one has is announced, and once', async () => {
  const choice = fc.record({
    backlog: fc.uniqueArray(fc.nat(ARTICLES - 1), { minLength: 1 }),
    whose: fc.nat(),
    place: fc.nat(ARTICLES),
    stays: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(choice, async ({ backlog, whose, place, stays }) => {
      const run = randomUUID();
      const before = backlog.map((id) => article(run, id));
      const feed = await feedWith(before);
      const other = before[whose % before.length];
      const news = article(run, ARTICLES, { guid: other?.guid ?? null });
      const rest = stays ? before : before.filter((one) => one !== other);
      const after = [...rest.slice(0, place), news, ...rest.slice(place)];
      for (let time = 0; time < 2; time += 1) {
        await poll(feed, after);
        await poll(feed, [...after].reverse());
      }
      expect(await titlesFrom(feed)).toEqual([news.title]);
    }),
    { numRuns: RUNS },
  );
});
