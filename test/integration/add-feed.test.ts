import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.js';
import { addFeed, type AddFeedDeps } from '../../src/feeds/add-feed.js';
import { importFeeds } from '../../src/feeds/import-feeds.js';
import { pollMany } from '../../src/feeds/poll-by-hand.js';
import type { PolledNow } from '../../src/feeds/poll-result.js';
import { previewFeed } from '../../src/feeds/preview-feed.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { respond, type FeedServer } from '../support/feed-server.js';
import { startPolling } from '../support/polling.js';

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const RSS = { 'content-type': 'application/rss+xml' };
let database: TestDatabase;
let stores: Stores;
let server: FeedServer;
let deps: AddFeedDeps;
let close: () => Promise<void>;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool, () => true);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate feeds, posts cascade');
  ({ server, deps, close } = await startPolling(stores.feeds, systemClock));
});
afterEach(() => close());

function rss(title: string, ...entries: string[]): string {
  const items = entries.map(
    (entry) => `<item><title>${entry}</title><guid>${entry}</guid><link>/${entry}</link></item>`,
  );
  return `<rss version="2.0"><channel><title>${title}</title>${items.join('')}</channel></rss>`;
}

function page(head: string, body = ''): string {
  return `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;
}

const alternate = (href: string, title: string, type = 'rss'): string =>
  `<link rel="alternate" type="application/${type}+xml" title="${title}" href="${href}">`;

function asked(): string[] {
  return server.requests.map(({ path }) => path);
}

async function followed(): Promise<string[]> {
  return (await stores.feeds.list()).map(({ url }) => url.pathname);
}

describe('what is added', () => {
  test('the address of a feed is asked for once, and that answer is its first poll', async () => {
    server.on('/feed', respond(200, { ...RSS, etag: '"1"' }, rss('One', 'a', 'b')));
    expect(await addFeed(deps, server.url('/feed').href)).toMatchObject({
      kind: 'added',
      entries: 2,
      feed: { title: 'One' },
    });
    expect(asked()).toEqual(['/feed']);
    expect(await stores.feeds.list()).toMatchObject([{ posts: 2, validators: { etag: '"1"' } }]);
  });

  test('a page leads to the feed it names in its head, and the comments beside it are left alone', async () => {
    server.on('/', respond(200, HTML, page(alternate('/feed.xml', 'Posts') + alternate('/comments/feed', 'Comments'))));
    server.on('/feed.xml', respond(200, RSS, rss('One', 'a')));
    expect(await addFeed(deps, server.url('/').href)).toMatchObject({
      kind: 'added',
      feed: { url: server.url('/feed.xml') },
    });
    expect(asked()).toEqual(['/', '/feed.xml']);
  });

  test('a page leads to the feed that its Link header names, after redirects', async () => {
    server.on('/home', respond(302, { location: '/blog/' }));
    server.on(
      '/blog/',
      respond(200, { ...HTML, link: '<feed>; rel=alternate; type="application/atom+xml"' }, page('')),
    );
    server.on('/blog/feed', respond(200, RSS, rss('One')));
    expect(await addFeed(deps, server.url('/home').href)).toMatchObject({ kind: 'added' });
    expect(await followed()).toEqual(['/blog/feed']);
  });

  test('a page leads to the feed it links to, when its head names a broken one', async () => {
    server.on('/', respond(200, HTML, page(alternate('/old.xml', 'Posts'), '<a href="/news.rss">RSS</a>')));
    server.on('/news.rss', respond(200, RSS, rss('One')));
    expect(await addFeed(deps, server.url('/').href)).toMatchObject({ kind: 'added' });
    expect(await followed()).toEqual(['/news.rss']);
  });

  test('a page that names none leads to the feed at a usual place', async () => {
    server.on('/', respond(200, HTML, page('')));
    server.on('/atom.xml', respond(200, RSS, rss('One')));
    expect(await addFeed(deps, server.url('/').href)).toMatchObject({ kind: 'added' });
    expect(asked()).toEqual(['/', '/feed', '/rss.xml', '/atom.xml']);
  });

  test('of several feeds none is followed: they are there to choose from', async () => {
    server.on('/', respond(200, HTML, page(alternate('/news', 'News') + alternate('/jobs', 'Jobs'))));
    expect(await addFeed(deps, server.url('/').href)).toMatchObject({
      kind: 'choose',
      candidates: [
        { url: server.url('/news'), title: 'News' },
        { url: server.url('/jobs'), title: 'Jobs' },
      ],
    });
    expect([asked(), await followed()]).toEqual([['/'], []]);
  });

  test('a feed that is followed is found again in any spelling, also through its page', async () => {
    server.on('/feed', respond(200, RSS, rss('One')));
    server.on('/', respond(200, HTML, page(alternate('/feed/', 'Posts'))));
    server.on('/feed/', respond(200, RSS, rss('One')));
    await addFeed(deps, server.url('/feed').href);
    for (const path of ['/feed', '/feed/', '/feed#top', '/']) {
      expect(await addFeed(deps, server.url(path).href)).toMatchObject({ kind: 'already' });
    }
    expect(await followed()).toEqual(['/feed']);
  });
});

describe('what is not added', () => {
  async function said(path = '/'): Promise<string> {
    const result = await addFeed(deps, server.url(path).href);
    expect(await followed()).toEqual([]);
    return result.kind === 'failed' ? result.text : result.kind;
  }

  test('a page without any feed: where it was looked for, in no more than eight requests', async () => {
    server.on('/blog/', respond(200, HTML, page('')));
    expect(await said('/blog/')).toMatch(/names no feed, and there is none at \/blog\/feed, .*: give the address/);
    expect(asked()).toHaveLength(8);
  });

  test('a site that asks to be left alone is asked no further', async () => {
    server.on('/', respond(200, HTML, page('')));
    server.on('/rss.xml', respond(429));
    await said();
    expect(asked()).toEqual(['/', '/feed', '/rss.xml']);
  });

  test('a page whose only feed cannot be read is not searched by guessing', async () => {
    server.on('/', respond(200, HTML, page(alternate('/old.xml', 'Posts'))));
    expect(await said()).toContain(`the feed it names cannot be read: ${server.url('/old.xml').href}`);
    expect(asked()).toEqual(['/', '/old.xml']);
  });

  test('a page cannot lead to an address that is not public', async () => {
    server.on('/', respond(200, HTML, page(alternate('http://169.254.169.254/feed', 'Secrets'))));
    expect(await said()).toContain('cannot be read');
  });
});

test('a preview shows the newest entries and stores nothing', async () => {
  server.on('/', respond(200, HTML, page(alternate('/feed', 'Posts'))));
  server.on('/feed', respond(200, RSS, rss('One', 'a', 'b')));
  expect(await previewFeed(deps, server.url('/').href)).toMatchObject({
    kind: 'preview',
    url: server.url('/feed'),
    title: 'One',
    entries: 2,
    newest: [{ title: 'a', link: server.url('/a') }, { title: 'b' }],
    problems: ['2 of 2 entries have no date', '2 of 2 entries have no text'],
  });
  expect(await followed()).toEqual([]);
});

describe('a list of feeds', () => {
  const outline = (url: URL | string): string => `<outline type="rss" text="x" xmlUrl="${String(url)}"/>`;
  const opml = (urls: readonly (URL | string)[]): Buffer =>
    Buffer.from(`<opml version="2.0"><body>${urls.map(outline).join('\n')}<outline text="none"/></body></opml>`);

  test('twins in the list and of what is followed are merged, and counted', async () => {
    await stores.feeds.add([{ url: new URL('https://a.example/feed/'), title: null }], new Date(), new Date());
    const list = opml(['http://a.example/feed', 'https://b.example/x', 'http://b.example/x/', 'https://b.example/x']);
    expect(await importFeeds(deps, list)).toMatchObject({
      kind: 'imported',
      added: [{ url: new URL('https://b.example/x') }],
      already: 1,
      repeated: 2,
      skipped: [{ label: 'none' }],
    });
  });

  test('new feeds are polled together, and one that fails holds up none', async () => {
    const paths = Array.from({ length: 40 }, (_one, index) => `/feed/${String(index)}`);
    for (const path of paths.slice(1)) server.on(path, respond(200, RSS, rss(path, 'a')));
    const imported = await importFeeds(deps, opml(paths.map((path) => server.url(path))));
    const ids = imported.kind === 'imported' ? imported.added.map(({ id }) => id) : [];
    const results: PolledNow['kind'][] = [];
    const onPolled = (_id: unknown, { kind }: PolledNow): unknown => results.push(kind);
    await pollMany(deps, ids, { signal: new AbortController().signal, onPolled });
    expect(results.sort()).toEqual(['failed', ...paths.slice(1).map(() => 'polled')]);
    expect(asked()).toHaveLength(40);
  });

  test('told to stop, what is left stays due', async () => {
    const paths = Array.from({ length: 200 }, (_one, index) => `/feed/${String(index)}`);
    const imported = await importFeeds(deps, opml(paths.map((path) => server.url(path))));
    const ids = imported.kind === 'imported' ? imported.added.map(({ id }) => id) : [];
    const stop = new AbortController();
    const onPolled = (): void => {
      stop.abort();
    };
    await pollMany(deps, ids, { signal: stop.signal, onPolled });
    expect(await stores.feeds.due(new Date(), 10)).not.toEqual([]);
    expect(asked().length).toBeLessThan(paths.length);
  });

  // The bound leaves room for a busy machine.
  test('five thousand are added in seconds', async () => {
    const list = opml(Array.from({ length: 5_000 }, (_one, index) => `https://h${String(index)}.example/feed`));
    const startedAt = performance.now();
    expect(await importFeeds(deps, list)).toMatchObject({ kind: 'imported' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await importFeeds(deps, list)).toMatchObject({ added: [], already: 5_000 });
  });
});

test('a feed is set to be polled more often from its last poll on, and what was not set stays', async () => {
  server.on('/feed', respond(200, RSS, rss('One', 'a')));
  await addFeed(deps, server.url('/feed').href, { verifyTls: false });
  const [feed] = await stores.feeds.list();
  if (feed) await stores.feeds.set(feed.id, { everyMs: 300_000 });
  const [set] = await stores.feeds.list();
  expect(set?.settings).toEqual({
    everyMs: 300_000,
    verifyTls: false,
    pagePictures: false,
    announceOld: false,
    repostUpdates: false,
  });
  expect((set?.nextPollAt?.getTime() ?? 0) - (set?.lastPolledAt?.getTime() ?? 0)).toBe(300_000);
});

test('the posts of a feed that is removed are still found', async () => {
  server.on('/feed', respond(200, RSS, rss('One', 'anycast')));
  const added = await addFeed(deps, server.url('/feed').href);
  if (added.kind === 'added') await stores.feeds.remove(added.feed.id);
  expect(await stores.posts.search('anycast', 1, 5)).toMatchObject({ hits: [{ source: 'no longer followed' }] });
});
