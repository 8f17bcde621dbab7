import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NO_VALIDATORS } from '../../src/feeds/feed.js';
import type { Fetcher, FetcherOptions } from '../../src/feeds/fetching/fetcher.js';
import { respond, startFeedServer, type FeedServer } from '../support/feed-server.js';
import { fetcherFor } from '../support/fetching.js';
import { spawnSource } from '../support/spawn.js';

const INSIDE = { address: '127.0.0.1', family: 4 };
const OUTSIDE = { address: '93.184.216.34', family: 4 };
let server: FeedServer;
let fetchers: Fetcher[];

beforeEach(async () => {
  server = await startFeedServer();
  fetchers = [];
});
afterEach(async () => {
  await Promise.all(fetchers.map((fetcher) => fetcher.close()));
  await server.close();
});

function fetcher(allowed: readonly string[], options: Partial<FetcherOptions> = {}): Fetcher {
  const made = fetcherFor(allowed, { resolve: () => Promise.resolve([INSIDE]), ...options });
  fetchers.push(made);
  return made;
}

/** What each kind of request came to. */
async function allKinds(by: Fetcher, url: URL): Promise<readonly unknown[]> {
  const poll = { url, validators: NO_VALIDATORS, reader: null };
  return Promise.all([
    by.fetchFeed({ ...poll, verifyTls: true }),
    by.fetchFeed({ ...poll, verifyTls: false }),
    by.fetchPage(url),
    by.postForm(url, { a: 'b' }),
  ]);
}

const REFUSED = { kind: 'failed', reason: 'blocked-address', status: null };
const ALL_REFUSED = [REFUSED, REFUSED, REFUSED, { kind: 'failed', reason: 'blocked-address' }];

describe('the inside is closed to feeds, pages and forms', () => {
  test.each([
    ...['http://127.0.0.1:PORT/', 'http://127.0.0.1/', 'http://127.1:PORT/', 'http://0x7f000001:PORT/'],
    ...['http://2130706433:PORT/', 'http://0177.0.0.1:PORT/', 'http://0x7f.0.1:PORT/', 'http://127.0.0.1.:PORT/'],
    ...['http://%E2%91%A0%E2%91%A1%E2%91%A6.0.0.1:PORT/', 'http://\uff11\uff12\uff17.0.0.1:PORT/', 'http://0:PORT/'],
    ...['http://[::1]:PORT/', 'http://[::]:PORT/', 'http://[::ffff:127.0.0.1]:PORT/', 'http://[0::ffff:7f00:1]:PORT/'],
    ...['http://[::127.0.0.1]:PORT/', 'http://[64:ff9b::7f00:1]:PORT/', 'http://[2002:7f00:1::]:PORT/'],
    ...['http://[2001:0:7f00:1::]:PORT/', 'http://[::ffff:0:127.0.0.1]:PORT/', 'http://[fe80::1]:PORT/'],
    ...['http://localhost:PORT/', 'http://localhost.:PORT/', 'http://a.localhost:PORT/', 'http://inside.test:PORT/'],
    ...['http://169.254.169.254/latest/meta-data/', 'http://10.0.0.1/', 'https://192.168.1.1/', 'http://100.64.1.1/'],
    ...['http://inside.test/', 'https://inside.test/', 'http://user@inside.test/', 'http://:secret@127.0.0.1:PORT/'],
  ])('%s', async (address) => {
    const url = new URL(address.replace('PORT', String(server.port)));
    expect(await allKinds(fetcher([]), url)).toEqual(ALL_REFUSED);
    expect(server.requests).toEqual([]);
  });

  test.each(['http://[fe80::1%25lo]/', 'http://[::1%lo]/'])(
    'an address with a zone (%s) is no web address',
    (address) => {
      expect(URL.canParse(address)).toBe(false);
    },
  );

  test('and the outside on any port but those of the web', async () => {
    const by = fetcher([], { resolve: () => Promise.resolve([OUTSIDE]) });
    expect(await allKinds(by, new URL('http://outside.test:22/'))).toEqual(ALL_REFUSED);
    expect(await allKinds(by, new URL('http://outside.test:8080/'))).toEqual(ALL_REFUSED);
    expect(await allKinds(by, new URL('https://93.184.216.34:8443/'))).toEqual(ALL_REFUSED);
  });
});

describe('names', () => {
  test.each([
    [[INSIDE]],
    [[OUTSIDE, INSIDE]],
    [[INSIDE, OUTSIDE]],
    [[OUTSIDE, { address: '::ffff:10.0.0.1', family: 6 }]],
    [[OUTSIDE, { address: 'fe80::1%lo', family: 6 }]],
    [[OUTSIDE, { address: 'not an address', family: 4 }]],
    [[]],
  ])('with the answers %j are refused', async (answers) => {
    const by = fetcher([], { resolve: () => Promise.resolve(answers) });
    expect(await allKinds(by, new URL('http://mixed.test/'))).toEqual(ALL_REFUSED);
  });

  test('whose second answer is another (rebinding) are refused at the second connection', async () => {
    server.on('/', respond(200, { connection: 'close' }, '<rss/>'));
    let asked = 0;
    const resolve = () => {
      asked += 1;
      return Promise.resolve([asked === 1 ? INSIDE : { address: '127.0.0.2', family: 4 }]);
    };
    const by = fetcher(['127.0.0.1/32'], { resolve });
    const url = new URL(`http://rebinds.test:${String(server.port)}/`);
    expect(await by.fetchPage(url)).toMatchObject({ kind: 'page' });
    expect(asked).toBe(1);
    expect(await by.fetchPage(url)).toEqual(REFUSED);
    expect(asked).toBe(2);
  });
});

describe('redirects from where it is allowed', () => {
  test.each([
    ...['http://127.0.0.2:PORT/', 'http://inside.test/', 'http://[::1]:PORT/', 'http://0x7f.2:PORT/'],
    ...['http://127.0.0.1:1/', 'https://localhost.:PORT/', 'http://u:p@127.0.0.1:PORT/'],
  ])('to %s are refused for feeds, pages and forms', async (location) => {
    server.on('/lure', respond(307, { location: location.replace('PORT', String(server.port)) }));
    const by = fetcher([`127.0.0.1:${String(server.port)}`]);
    expect(await allKinds(by, server.url('/lure'))).toEqual(ALL_REFUSED);
    expect(server.requests.map(({ path }) => path)).toEqual(Array(4).fill('/lure'));
  });
});

describe('what the operator opens', () => {
  test('by name and port opens that alone', async () => {
    server.on('/', respond(200, {}, '<rss/>'));
    const by = fetcher([`feeds.lan:${String(server.port)}`]);
    expect(await by.fetchPage(new URL(`http://Feeds.LAN.:${String(server.port)}/`))).toMatchObject({ kind: 'page' });
    expect(await by.fetchPage(new URL('http://feeds.lan/'))).toEqual(REFUSED);
    expect(await by.fetchPage(new URL(`http://other.lan:${String(server.port)}/`))).toEqual(REFUSED);
    expect(await by.fetchPage(server.url('/'))).toEqual(REFUSED);
  });

  test('by range opens its addresses by any name', async () => {
    server.on('/', respond(200, {}, '<rss/>'));
    const by = fetcher(['127.0.0.0/31']);
    expect(await by.fetchPage(new URL(`http://any.lan:${String(server.port)}/`))).toMatchObject({ kind: 'page' });
    expect(await by.fetchPage(server.url('/'))).toMatchObject({ kind: 'page' });
    expect(await by.fetchPage(new URL(`http://127.0.0.2:${String(server.port)}/`))).toEqual(REFUSED);
  });
});

test('a proxy that the environment names is neither used nor a way round the check', async () => {
  server.on('/', respond(200, {}, '<rss/>'));
  const proxy = await startFeedServer();
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  const child = spawnSource('test/support/fetch-child.ts', {
    args: [server.url('/').href, server.url('/').href],
    env: {
      ...Object.fromEntries(names.map((name) => [name, proxy.url('/').href])),
      NODE_USE_ENV_PROXY: '1',
      NO_PROXY: '',
    },
  });
  expect(await child.line(/./)).toBe('fetched blocked-address');
  await child.exited;
  expect([server.requests.length, proxy.requests.length]).toEqual([1, 0]);
  await proxy.close();
});
