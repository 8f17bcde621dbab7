import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Feed } from '../../src/feeds/feed.js';
import type { SavedPoll } from '../../src/feeds/feed-store.js';
import type { Entry } from '../../src/posts/post.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
let database: TestDatabase;
let stores: Stores;
let feedNumber = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());

async function newFeed(...backlog: Entry[]): Promise<Feed> {
  feedNumber += 1;
  return primedFeed(stores.feeds, `https://feed${String(feedNumber)}.example/rss`, backlog, NOW);
}

function poll(feed: Feed, ...entries: Entry[]): Promise<SavedPoll> {
  return stores.feeds.saveDocument(feed, document(entries), () => goodPoll(NOW), NOW);
}

/** Words that no other test uses. */
function prose(name: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${name}${String((index * 7_919) % 10_007)}`).join(' ');
}

async function sightingsOfPostOf({ sightings }: SavedPoll): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*)::int as count from sightings
      where post_id = (select post_id from sightings where id = $1)`,
    [sightings[0]],
  );
  return rows[0]?.count ?? 0;
}

test('a full text, an excerpt of it and a reprint under another title are one post with three sightings', async () => {
  const text = prose('reprint', 200);
  const full = entry('What the reprint was about', { text, link: new URL('https://author.example/reprint') });
  const excerpt = entry('What the reprint was about', {
    ...{ text: text.split(' ').slice(0, 40).join(' '), link: new URL('https://planet.example/1'), guid: 'planet-1' },
  });
  const retitled = entry('Read this, all of you', { text, link: new URL('https://magazine.example/1') });
  expect(await poll(await newFeed(), full)).toMatchObject({ newPosts: 1 });
  expect(await poll(await newFeed(), excerpt)).toMatchObject({ newPosts: 0, withheld: { elsewhere: 1 } });
  const last = await poll(await newFeed(), retitled);
  expect(last).toMatchObject({ newPosts: 0, withheld: { elsewhere: 1 } });
  expect(last.sightings).toHaveLength(1);
  expect(await sightingsOfPostOf(last)).toBe(3);
});

test('a copy of a copy is found, though it shares only the second one’s title', async () => {
  const text = prose('copied', 200);
  const at = (host: string) => new URL(`https://${host}.example/copied`);
  await poll(await newFeed(), entry('The first of its titles', { text, link: at('one') }));
  await poll(await newFeed(), entry('Quite some other words', { text, link: at('two') }));
  const third = entry('Quite some other words', { text: text.split(' ').slice(60).join(' '), link: at('one') });
  expect(await poll(await newFeed(), third)).toMatchObject({ newPosts: 0 });
});

test('an article is known by a title that it had before, also where a feed shows nothing else', async () => {
  const link = new URL('https://renamed.example/article');
  const first = await newFeed();
  const named = (title: string) => entry(title, { guid: 'renamed', text: '', link });
  await poll(first, named('A first attempt at some words'));
  await poll(first, named('Entirely different in all respects'));
  expect(await poll(await newFeed(), named('A first attempt at some words'))).toMatchObject({
    ...{ newPosts: 0, withheld: { elsewhere: 1 } },
  });
});

test('parts of a series stay as many as they are, in whatever feed', async () => {
  const text = prose('series', 200);
  const part = (number: number, host: string) =>
    entry(`The great series, part ${String(number)}`, {
      text,
      link: new URL(`https://${host}.example/${String(number)}`),
    });
  expect(await poll(await newFeed(), part(1, 'series'), part(2, 'series'))).toMatchObject({ newPosts: 2 });
  expect(await poll(await newFeed(), part(3, 'series'), part(2, 'series'))).toMatchObject({
    ...{ newPosts: 1, withheld: { elsewhere: 1 } },
  });
});

test('an article is found among a thousand posts with its title, by what is rare in it', async () => {
  const link = (index: number) => new URL(`https://crowd.example/${String(index)}`);
  const crowd = Array.from({ length: 1_000 }, (_, index) =>
    entry('Weekly links', {
      guid: String(index),
      text: prose(`crowd${String(index)}-`, 30),
      link: link(index),
      publishedAt: null,
    }),
  );
  await newFeed(...crowd);
  const copy = entry('Weekly links', {
    guid: 'copy',
    text: prose('crowd17-', 30),
    link: new URL('https://other.example/x'),
  });
  expect(await poll(await newFeed(), copy)).toMatchObject({ newPosts: 0, withheld: { elsewhere: 1 } });
});

test('the one that shares what is rare is looked at before the many that share a title, older though it is', async () => {
  const text = prose('rare', 80);
  const crowd = (name: string, titled: (index: number) => string) =>
    Array.from({ length: 40 }, (_, index) =>
      entry(titled(index), {
        ...{ guid: `${name}${String(index)}`, text: prose(`${name}${String(index)}-`, 80), publishedAt: null },
        link: new URL(`https://${name}.example/${String(index)}`),
      }),
    );
  const link = new URL('https://rare.example/original');
  await newFeed(entry('What only the author calls it', { text, link, publishedAt: null }));
  await newFeed(...crowd('whole', () => 'Digest: what the community has read'));
  const later = new Date(NOW.getTime() + 60_000);
  const core = crowd('core', (index) => `Reader${String(index)}: what the community has read`);
  await primedFeed(stores.feeds, 'https://later.example/rss', core, later);
  const copy = entry('Digest: what the community has read', { text, link: new URL('https://digest.example/1') });
  const saved = await poll(await newFeed(), copy);
  expect(saved).toMatchObject({ newPosts: 0, withheld: { elsewhere: 1 } });
  expect(await sightingsOfPostOf(saved)).toBe(2);
});

test('documents too long to lock each key of make one post of each article, beside short ones', async () => {
  const articles = Array.from({ length: 60 }, (_, index) =>
    entry(`Racing article number ${String(index)}`, { text: prose(`racing${String(index)}-`, 40) }),
  );
  const documents = [articles, articles, articles.slice(0, 3), articles.slice(1, 4), articles];
  const feeds = await Promise.all(documents.map(() => newFeed()));
  const saved = await Promise.all(feeds.map((feed, index) => poll(feed, ...(documents[index] ?? []))));
  expect(saved.reduce((sum, { newPosts }) => sum + newPosts, 0)).toBe(articles.length);
});

test('two feeds full of one text each are compared in bounded time', async () => {
  const spam = (host: string) =>
    Array.from({ length: 500 }, (_, index) =>
      entry(`Buy now ${String(index)}`, {
        text: prose('spam', 300),
        link: new URL(`https://${host}.example/${String(index)}`),
      }),
    );
  await newFeed(...spam('one'));
  const feed = await newFeed();
  const startedAt = performance.now();
  await poll(feed, ...spam('two'));
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
