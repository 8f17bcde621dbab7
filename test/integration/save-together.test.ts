import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Feed } from '../../src/feeds/feed.js';
import type { PollRecord, SavedPoll } from '../../src/feeds/feed-store.js';
import type { Entry } from '../../src/posts/post.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

/** More than go in one transaction. */
const FEEDS = 30;
const NOW = new Date('2026-03-02T00:00:00Z');

let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());

function primedFeeds(name: string, ...backlog: Entry[]): Promise<Feed[]> {
  const urls = Array.from({ length: FEEDS }, (_, index) => `https://${name}${String(index)}.example/rss`);
  return Promise.all(urls.map((url) => primedFeed(stores.feeds, url, backlog, NOW)));
}

function save(
  feed: Feed,
  entries: readonly Entry[],
  record: () => PollRecord = () => goodPoll(NOW),
): Promise<SavedPoll> {
  return stores.feeds.saveDocument(feed, document(entries), record, NOW);
}

const STORED = 'select count(*)::int as count from sightings where feed_id = any ($1)';

async function counted(sql: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(sql, [...values]);
  return rows[0]?.count ?? 0;
}

const transactions = (feeds: readonly Feed[]): Promise<number> =>
  counted('select count(distinct xmin::text)::int as count from sightings where feed_id = any ($1) and announced', [
    idsOf(feeds),
  ]);

function idsOf(feeds: readonly Feed[]): string[] {
  return feeds.map(({ id }) => id);
}

/** Two entries of a feed, of which nobody else has one. */
function ownOf(feed: Feed): Entry[] {
  const { hostname } = feed.url;
  const text = Array.from({ length: 60 }, (_, index) => `${hostname}${String(index)}`).join(' ');
  return [1, 2].map((n) =>
    entry(`Part ${String(n)} by ${hostname}`, { link: new URL(`/${String(n)}`, feed.url), text }),
  );
}

test('documents that end together are stored in a few transactions, each with what is its own', async () => {
  const feeds = await primedFeeds('own');
  const saved = await Promise.all(feeds.map((feed) => save(feed, ownOf(feed))));
  for (const one of saved) expect(one).toMatchObject({ newPosts: 2, entries: 2, gap: false });
  expect(new Set(saved.flatMap(({ sightings }) => sightings)).size).toBe(2 * FEEDS);
  expect(await transactions(feeds)).toBeLessThan(FEEDS / 3);

  for (const [index, feed] of feeds.entries()) {
    const { rows } = await database.pool.query<{ id: string; title: string }>(
      'select id, title from sightings where feed_id = $1 order by seq',
      [feed.id],
    );
    // The document listed the newest first.
    expect(rows.map(({ title }) => title)).toEqual([...ownOf(feed)].reverse().map(({ title }) => title));
    expect(rows.map(({ id }) => id)).toEqual(saved[index]?.sightings);
    expect((await stores.feeds.window(feed.id)).size).toBe(2);
  }
  const again = await Promise.all(feeds.map((feed) => save(feed, ownOf(feed))));
  for (const one of again) expect(one).toMatchObject({ newPosts: 0, sightings: [] });
});

test('edits that come together are each of their own entry', async () => {
  const feeds = await primedFeeds('edited');
  await Promise.all(feeds.map((feed) => save(feed, ownOf(feed))));
  const corrected = (feed: Feed): Entry[] =>
    ownOf(feed).map((one) => ({ ...one, title: one.title.replace('Part', 'Chapter') }));
  const saved = await Promise.all(feeds.map((feed) => save(feed, corrected(feed))));
  for (const one of saved) expect(one).toMatchObject({ newPosts: 0, sightings: [] });
  const wrong = `select count(*)::int as count from sightings s join posts p on p.id = s.post_id join feeds f on f.id = s.feed_id
    where s.feed_id = any ($1)
      and (p.title not like 'Chapter _ by ' || split_part(f.url, '/', 3) or s.title <> p.title)`;
  expect(await counted(wrong, [idsOf(feeds)])).toBe(0);
  expect(await counted('select count(*)::int as count from posts where title like $1', ['Chapter % by edited%'])).toBe(
    2 * FEEDS,
  );
});

test('an article that many feeds bring at one moment is one post, and each corrects its own entry', async () => {
  const feeds = await primedFeeds('chorus');
  const text = Array.from({ length: 80 }, (_, index) => `chorus${String(index)}`).join(' ');
  const article = entry('What the chorus sang', { text, link: new URL('https://choir.example/sang') });
  const saved = await Promise.all(feeds.map((feed) => save(feed, [article])));
  expect(saved.filter(({ newPosts }) => newPosts === 1)).toHaveLength(1);
  expect(saved.filter(({ withheld }) => withheld.elsewhere === 1)).toHaveLength(FEEDS - 1);
  const posts = 'select count(distinct post_id)::int as count from sightings where feed_id = any ($1)';
  expect(await counted(posts, [idsOf(feeds)])).toBe(1);

  const by = (feed: Feed): string => `What the chorus sang, says ${feed.url.hostname}`;
  await Promise.all(feeds.map((feed) => save(feed, [{ ...article, title: by(feed) }])));
  const { rows } = await database.pool.query<{ feed_id: string; title: string }>(
    'select feed_id, title from sightings where feed_id = any ($1)',
    [idsOf(feeds)],
  );
  expect(new Map(rows.map((row) => [row.feed_id, row.title]))).toEqual(
    new Map(feeds.map((feed) => [feed.id, by(feed)])),
  );
  expect(rows).toHaveLength(FEEDS);
});

test('a document that is polled while it is pushed is stored once', async () => {
  const feeds = await primedFeeds('pushed');
  let failed = 0;
  // A session whose transaction failed is closed.
  database.pool.on('remove', () => (failed += 1));
  const saved = await Promise.all(
    feeds.flatMap((feed) => {
      const pushed = { ...document(ownOf(feed)), partial: true };
      return [stores.feeds.saveDocument(feed, pushed, null, NOW), save(feed, ownOf(feed))];
    }),
  );
  expect(saved.reduce((sum, { newPosts }) => sum + newPosts, 0)).toBe(2 * FEEDS);
  expect(failed).toBe(0);
  expect(await counted(STORED, [idsOf(feeds)])).toBe(2 * FEEDS);
});

test('a document that cannot be stored is no trouble for those beside it', async () => {
  const feeds = await primedFeeds('beside');
  const bad = feeds[FEEDS / 2];
  const record = (feed: Feed) => (): PollRecord => {
    if (feed === bad) throw new Error('no record for this one');
    return goodPoll(NOW);
  };
  const results = await Promise.allSettled(feeds.map((feed) => save(feed, ownOf(feed), record(feed))));
  for (const [index, result] of results.entries()) {
    expect(result).toMatchObject(
      feeds[index] === bad ? { reason: { message: 'no record for this one' } } : { value: { newPosts: 2 } },
    );
  }
  expect(await counted(STORED, [idsOf(feeds)])).toBe(2 * FEEDS - 2);
});
