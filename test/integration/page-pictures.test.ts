import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { later } from '../../src/clock.js';
import type { Fetcher } from '../../src/feeds/fetching/fetcher.js';
import { visitPages } from '../../src/feeds/page-pictures.js';
import type { SightingId } from '../../src/ids.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';
import { respond, startFeedServer, type FeedServer } from '../support/feed-server.js';
import { fetcherFor } from '../support/fetching.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const HTML = { 'content-type': 'text/html; charset=utf-8' };
let database: TestDatabase;
let stores: Stores;
let server: FeedServer;
let fetcher: Fetcher;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool, () => true);
  server = await startFeedServer();
  fetcher = fetcherFor([server.url('/').host], { clock: () => NOW });
});
afterAll(async () => {
  await fetcher.close();
  await server.close();
  await database.drop();
});

/** A new post of a feed, whose page is at `path`. */
async function newPost(
  name: string,
  pagePictures: boolean,
  imageUrl: URL | null = null,
  site = server,
): Promise<SightingId> {
  const feed = await primedFeed(stores.feeds, `https://${name}.example/feed`, [], NOW);
  await stores.feeds.set(feed.id, { pagePictures });
  const primed = await stores.feeds.get(feed.id);
  if (!primed) throw new Error('the feed is not stored');
  const post = entry(`Post of ${name}`, { guid: name, link: site.url(`/${name}`), imageUrl });
  const { sightings } = await stores.feeds.saveDocument(primed, document([post]), () => goodPoll(NOW), NOW);
  const [id] = sightings;
  if (!id) throw new Error('nothing new was stored');
  return id;
}

const visit = (at = NOW) => visitPages({ pages: stores.pages, fetchPage: fetcher.fetchPage, clock: () => at });
const readyAt = async (id: SightingId, at = NOW) =>
  (await stores.deliveries.unmatched(at, 100)).find((one) => one.id === id)?.post ?? null;
const asked = (path: string) => server.requests.filter((request) => request.path === path).length;

test('a post without a picture gets the one of its page before it is told, where the operator asked for it', async () => {
  server.on('/wanted', respond(200, HTML, '<head><meta property="og:image" content="/p.jpg"></head>'));
  const id = await newPost('wanted', true);
  expect(await readyAt(id)).toBeNull();
  expect(await visit()).toEqual([id]);
  expect(await readyAt(id)).toMatchObject({ imageUrl: server.url('/p.jpg') });
  expect(await visit()).toEqual([]);
  expect(asked('/wanted')).toBe(1);
});

test('no page is asked unless that was asked for, nor for a post that has its picture', async () => {
  const plain = await newPost('plain', false);
  const shown = await newPost('shown', true, new URL('https://x.example/own.png'));
  expect(await visit()).toEqual([]);
  expect(await readyAt(plain)).toMatchObject({ imageUrl: null });
  expect(await readyAt(shown)).toMatchObject({ imageUrl: new URL('https://x.example/own.png') });
});

test('a site is asked for one page every two seconds, and a page that shows nothing holds its post up only a moment', async () => {
  server.on('/broken', respond(500));
  const broken = await newPost('broken', true);
  expect(await visit()).toEqual([]);
  expect(await visit(later(NOW, 2_000))).toEqual([broken]);
  expect(await readyAt(broken)).toMatchObject({ imageUrl: null });

  const forgotten = await newPost('forgotten', true);
  await stores.pages.claim(NOW, later(NOW, 15_000));
  expect(await readyAt(forgotten)).toBeNull();
  expect(await readyAt(forgotten, later(NOW, 60_000))).toMatchObject({ imageUrl: null });
});

test('another feed that links to the canonical address of a page brings the same article', async () => {
  const site = await startFeedServer();
  const asker = fetcherFor([site.url('/').host], { clock: () => NOW });
  site.on('/amp-story', respond(200, HTML, '<head><link rel="canonical" href="https://paper.example/news/1"></head>'));
  const id = await newPost('amp-story', true, null, site);
  expect(await visitPages({ pages: stores.pages, fetchPage: asker.fetchPage, clock: () => NOW })).toEqual([id]);
  const other = await primedFeed(stores.feeds, 'https://paper.example/feed', [], NOW);
  const copy = entry('The post of an amp-story', { link: new URL('https://paper.example/news/1?utm_source=rss') });
  const saved = await stores.feeds.saveDocument(other, document([copy]), () => goodPoll(NOW), NOW);
  expect(saved).toMatchObject({ newPosts: 0, withheld: { elsewhere: 1 } });
  await asker.close();
  await site.close();
});
