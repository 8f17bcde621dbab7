import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PostId } from '../../src/ids.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const TITLES = [
  'Route leak takes three networks offline',
  'How a route leak was stopped',
  'Networks offline after a leak of routes',
  'New chips for old',
  '!!! ???',
];
let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
  const feed = await primedFeed(stores.feeds, 'https://a.example/', [], NOW);
  await stores.feeds.saveDocument(feed, document(TITLES.map((title) => entry(title))), () => goodPoll(NOW), NOW);
});
afterAll(() => database.drop());

async function idOf(title: string): Promise<PostId> {
  const { rows } = await database.pool.query<{ id: PostId }>('select id from posts where title = $1', [title]);
  return rows[0]?.id ?? ('' as PostId);
}

test('posts that share the most words with the title come first, without the post itself', async () => {
  const id = await idOf(TITLES[0] ?? '');
  const found = await stores.posts.like({ id }, 1, 5);
  expect(found?.title).toBe(TITLES[0]);
  expect(found?.hits.map(({ post }) => post.title)).toEqual([TITLES[2], TITLES[1]]);
  expect(found?.hits[0]?.source).not.toBe('');
  expect((await stores.posts.like({ id }, 1, 1))?.more).toBe(true);
});

test('a title of no words is like nothing, and a post that is not stored has no title', async () => {
  expect(await stores.posts.like({ id: await idOf('!!! ???') }, 1, 5)).toMatchObject({ hits: [] });
  expect(await stores.posts.like({ id: '6f1c2d3e-0000-4000-8000-123456789abc' as PostId }, 1, 5)).toBeNull();
});

test('words may be given instead of a post', async () => {
  const found = await stores.posts.like({ title: 'chips' }, 1, 5);
  expect(found?.hits.map(({ post }) => post.title)).toEqual(['New chips for old']);
});
