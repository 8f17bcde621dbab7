import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:https';
import { respond, startFeedServer, type FeedServer } from '../support/feed-server.js';
import { fetchOnce, fetcherFor } from '../support/fetching.js';
import { selfSigned } from '../support/self-signed.js';
import { NO_VALIDATORS } from '../../src/feeds/feed.js';
import type { FetchOutcome } from '../../src/feeds/fetching/fetch-outcome.js';

const BODY = '<rss version="2.0"><channel><title>A</title></channel></rss>';
let server: FeedServer;

beforeEach(async () => {
  server = await startFeedServer();
  server.on('/end', respond(200, { 'set-cookie': 'a=1' }, BODY));
});
afterEach(() => server.close());

function moved(outcome: FetchOutcome): string | null | undefined {
  return outcome.kind === 'fetched' || outcome.kind === 'unchanged' ? (outcome.movedTo?.href ?? null) : undefined;
}

describe('a feed has moved for good', () => {
  test.each([
    [[301], true],
    [[308, 301], true],
    [[302], false],
    [[303], false],
    [[307], false],
    [[301, 302], false],
    [[307, 308], false],
  ])('after %j: %s', async (statuses, forGood) => {
    statuses.forEach((status, hop) => {
      const location = hop === statuses.length - 1 ? '/end#top' : `/hop${String(hop + 1)}`;
      server.on(`/hop${String(hop)}`, respond(status, { location, 'set-cookie': 'b=2' }));
    });
    const outcome = await fetchOnce(server.url('/hop0'));
    expect(moved(outcome)).toBe(forGood ? server.url('/end').href : null);
    expect(outcome).toMatchObject({ url: server.url('/end') });
    for (const { headers } of server.requests) {
      expect(headers).not.toHaveProperty('cookie');
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('referer');
    }
  });

  test('also when the new address has nothing new', async () => {
    server.on('/old', respond(301, { location: '/same' }));
    server.on('/same', respond(304));
    const outcome = await fetchOnce(server.url('/old'), { validators: { etag: '"a"', lastModified: null } });
    expect([outcome.kind, moved(outcome)]).toEqual(['unchanged', server.url('/same').href]);
  });

  test('not when it answers at its own address', async () => {
    expect(moved(await fetchOnce(server.url('/end')))).toBeNull();
  });
});

describe('where a redirect leads', () => {
  test.each([
    ['../end', '/end'],
    ['?b=2', '/a/start?b=2'],
    ['//127.0.0.1:PORT/end', '/end'],
    ['HTTP://127.0.0.1:PORT/end', '/end'],
    ['/caf\u00c3\u00a9?q=\u00c3\u00bc', '/caf%c3%a9?q=%c3%bc'],
    ['/a b', '/a%20b'],
    ['/x#frag', '/x'],
  ])('%s', async (location, path) => {
    server.on('/a/start', respond(302, { location: location.replace('PORT', String(server.port)) }));
    server.on(path, respond(200, {}, BODY));
    expect(await fetchOnce(server.url('/a/start'))).toMatchObject({ kind: 'fetched', url: server.url(path) });
    expect(server.requests.at(-1)?.path).toBe(path);
  });

  test('a circle is left at once', async () => {
    server.on('/a', respond(301, { location: '/b' }));
    server.on('/b', respond(302, { location: '/a#again' }));
    expect(await fetchOnce(server.url('/a'))).toEqual({ kind: 'failed', reason: 'redirects', status: 302 });
    server.on('/self', respond(302, { location: '/self' }));
    expect(await fetchOnce(server.url('/self'))).toMatchObject({ reason: 'redirects' });
    expect(server.requests.map(({ path }) => path)).toEqual(['/a', '/b', '/self']);
  });

  test('the total limit spans all hops', async () => {
    for (const hop of [0, 1, 2, 3]) {
      server.on(`/slow${String(hop)}`, (response) => {
        setTimeout(() => response.writeHead(302, { location: `/slow${String(hop + 1)}` }).end(), 200);
      });
    }
    const outcome = await fetchOnce(server.url('/slow0'), {}, { limits: { totalMs: 500 } });
    expect(outcome).toMatchObject({ reason: 'timeout' });
  });
});

describe('TLS', () => {
  let secure: Server;
  let location: string | null;

  beforeAll(async () => {
    secure = createServer(selfSigned(), (_request, response) => {
      if (location === null) response.end(BODY);
      else response.writeHead(301, { location }).end();
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    location = null;
  });
  afterAll(() => {
    secure.closeAllConnections();
    secure.close();
  });

  const secureUrl = () => {
    const address = secure.address();
    return new URL(`https://127.0.0.1:${String(typeof address === 'object' && address ? address.port : 0)}/`);
  };

  test('a certificate that nobody vouches for is refused', async () => {
    expect(await fetchOnce(secureUrl())).toEqual({ kind: 'failed', reason: 'tls', status: null });
  });

  test('unless the operator has said so for this feed; others still verify', async () => {
    const url = secureUrl();
    const fetcher = fetcherFor([`127.0.0.1:${url.port}`]);
    const poll = (verifyTls: boolean) => fetcher.fetchFeed({ url, validators: NO_VALIDATORS, reader: null, verifyTls });
    expect([(await poll(false)).kind, (await poll(true)).kind, (await poll(false)).kind]).toEqual([
      ...['fetched', 'failed', 'fetched'],
    ]);
    expect(await fetcher.fetchPage(url)).toMatchObject({ reason: 'tls' });
    await fetcher.close();
  });

  test('the guard stands also where certificates are not asked for', async () => {
    const fetcher = fetcherFor([]);
    const outcome = await fetcher.fetchFeed({
      ...{ url: secureUrl(), validators: NO_VALIDATORS, reader: null, verifyTls: false },
    });
    await fetcher.close();
    expect(outcome).toMatchObject({ reason: 'blocked-address' });
  });

  test('a redirect to plain HTTP is followed, and never for good', async () => {
    location = server.url('/end').href;
    const fetcher = fetcherFor([`127.0.0.1:${secureUrl().port}`, `127.0.0.1:${String(server.port)}`]);
    const outcome = await fetcher.fetchFeed({
      ...{ url: secureUrl(), validators: NO_VALIDATORS, reader: null, verifyTls: false },
    });
    await fetcher.close();
    expect([outcome.kind, moved(outcome)]).toEqual(['fetched', null]);
  });
});
