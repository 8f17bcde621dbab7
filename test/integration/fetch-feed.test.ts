import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { NOTHING_ALLOWED, parseAllowList } from '../../src/feeds/fetching/address-guard.js';
import { NO_VALIDATORS } from '../../src/feeds/feed.js';
import type { FeedRequest, FetchOutcome } from '../../src/feeds/fetching/fetch-outcome.js';
import { createFetcher, type FetcherOptions } from '../../src/feeds/fetching/fetcher.js';
import { drip, respond, startFeedServer, type FeedServer } from '../support/feed-server.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const MIB = 1024 * 1024;
const BODY = '<rss version="2.0"><channel><title>A</title></channel></rss>';
const SHORT = { connectMs: 300, firstByteMs: 300, totalMs: 900 };

let server: FeedServer;

beforeAll(async () => {
  server = await startFeedServer();
});

afterAll(async () => {
  await server.close();
});

async function fetching(
  url: URL,
  options: Partial<FetcherOptions & Pick<FeedRequest, 'reader' | 'verifyTls'>> = {},
  validators = NO_VALIDATORS,
): Promise<FetchOutcome> {
  const { allow } = parseAllowList([`127.0.0.1:${String(server.port)}`, `feed.test:${String(server.port)}`]);
  const { fetchFeed, close } = createFetcher({
    allow,
    product: 'Tidings/test',
    about: new URL('https://tidings.test/about'),
    clock: () => NOW,
    ...options,
  });
  try {
    return await fetchFeed({ url, validators, verifyTls: true, reader: null, ...options });
  } finally {
    await close();
  }
}

function bodyOf(outcome: FetchOutcome): string {
  return outcome.kind === 'fetched' ? new TextDecoder().decode(outcome.body) : outcome.kind;
}

describe('a polite request', () => {
  test('says who asks and what for, and nothing else', async () => {
    server.on('/polite?a=1', respond(200, {}, BODY));
    await fetching(server.url('/polite?a=1'));
    const seen = server.requests.find(({ path }) => path === '/polite?a=1');
    expect(seen?.method).toBe('GET');
    expect(Object.keys(seen?.headers ?? {}).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
    expect(seen?.headers['user-agent']).toBe('Tidings/test (+https://tidings.test/about)');
    expect(seen?.headers['accept-encoding']).toBe('br, gzip, deflate');
  });

  test('proxy variables have no effect', async () => {
    server.on('/no-proxy', respond(200, {}, BODY));
    const before = { ...process.env };
    Object.assign(process.env, {
      HTTP_PROXY: 'http://127.0.0.1:1',
      http_proxy: 'http://127.0.0.1:1',
      NODE_USE_ENV_PROXY: '1',
    });
    try {
      expect(bodyOf(await fetching(server.url('/no-proxy')))).toBe(BODY);
    } finally {
      process.env = before;
    }
  });
});

describe('validators', () => {
  const odd = { etag: 'W/"caf\u00e9 \\"x\\"--gzip"', lastModified: 'Thu, 01 Jan 2026 0:00:00 +0000 (sic)' };

  test('come back byte for byte, whatever they look like', async () => {
    server.on('/odd', respond(200, { etag: odd.etag, 'last-modified': odd.lastModified }, BODY));
    const first = await fetching(server.url('/odd'));
    expect(first).toMatchObject({ kind: 'fetched', validators: odd });
    server.on('/odd', respond(304));
    expect(await fetching(server.url('/odd'), {}, odd)).toMatchObject({ kind: 'unchanged', validators: odd });
    const seen = server.requests.filter(({ path }) => path === '/odd').at(-1);
    expect(seen?.headers['if-none-match']).toBe(odd.etag);
    expect(seen?.headers['if-modified-since']).toBe(odd.lastModified);
  });

  test('a 304 replaces those it carries and keeps the others', async () => {
    server.on('/304', respond(304, { etag: '"new"', 'cache-control': 'max-age=7200' }));
    expect(await fetching(server.url('/304'), {}, { etag: '"old"', lastModified: 'then' })).toEqual({
      kind: 'unchanged',
      validators: { etag: '"new"', lastModified: 'then' },
      freshForMs: 7_200_000,
      movedTo: null,
    });
  });

  test('a 200 drops those it does not carry', async () => {
    server.on('/dropped', respond(200, { etag: '"new"' }, BODY));
    expect(await fetching(server.url('/dropped'), {}, { etag: '"old"', lastModified: 'then' })).toMatchObject({
      validators: { etag: '"new"', lastModified: null },
    });
  });

  test('a 304 that nobody asked for is no "unchanged"', async () => {
    server.on('/unasked', respond(304));
    expect(await fetching(server.url('/unasked'))).toEqual({ kind: 'failed', reason: 'status', status: 304 });
  });
});

describe('refusals', () => {
  test.each([
    [429, { 'retry-after': '120' }, { kind: 'throttled', status: 429, retryAfterMs: 120_000 }],
    [
      503,
      { 'retry-after': 'Thu, 01 Jan 2026 01:00:00 GMT' },
      { kind: 'throttled', status: 503, retryAfterMs: 3_600_000 },
    ],
    [429, { 'retry-after': '99999999' }, { kind: 'throttled', status: 429, retryAfterMs: 86_400_000 }],
    [429, { 'retry-after': 'soon' }, { kind: 'throttled', status: 429, retryAfterMs: null }],
    [410, {}, { kind: 'gone' }],
    [403, { 'cf-mitigated': 'challenge' }, { kind: 'failed', reason: 'challenge', status: 403 }],
    [403, { 'x-sucuri-block': 'X1' }, { kind: 'failed', reason: 'challenge', status: 403 }],
    [403, { server: 'ddos-guard' }, { kind: 'failed', reason: 'challenge', status: 403 }],
    [403, { 'x-datadome': 'protected' }, { kind: 'failed', reason: 'challenge', status: 403 }],
    [404, { server: 'ddos-guard' }, { kind: 'failed', reason: 'status', status: 404 }],
    [202, { 'x-amzn-waf-action': 'challenge' }, { kind: 'failed', reason: 'challenge', status: 202 }],
    [405, { 'x-amzn-waf-action': 'captcha' }, { kind: 'failed', reason: 'challenge', status: 405 }],
    [429, { 'x-vercel-mitigated': 'challenge' }, { kind: 'failed', reason: 'challenge', status: 429 }],
    [403, { server: 'cloudflare' }, { kind: 'failed', reason: 'status', status: 403 }],
    [403, {}, { kind: 'failed', reason: 'status', status: 403 }],
    [500, {}, { kind: 'failed', reason: 'status', status: 500 }],
    [204, {}, { kind: 'failed', reason: 'status', status: 204 }],
  ])('%i with %j', async (status, headers, outcome) => {
    server.on('/refused', respond(status, headers));
    expect(await fetching(server.url('/refused'))).toEqual(outcome);
  });
});

describe('content codings', () => {
  test.each([
    ['gzip', gzipSync(BODY)],
    ['GZip', gzipSync(BODY)],
    ['x-gzip', gzipSync(BODY)],
    ['br', brotliCompressSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['deflate', deflateRawSync(BODY)],
    ['gzip, br', brotliCompressSync(gzipSync(BODY))],
    ['identity', Buffer.from(BODY)],
  ])('%s is undone', async (coding, body) => {
    server.on('/coded', respond(200, { 'content-encoding': coding }, body));
    expect(bodyOf(await fetching(server.url('/coded')))).toBe(BODY);
  });

  test('a damaged or cut body is a failure, never half a feed', async () => {
    server.on('/cut', respond(200, { 'content-encoding': 'gzip' }, gzipSync(BODY).subarray(0, 30)));
    expect(await fetching(server.url('/cut'))).toEqual({ kind: 'failed', reason: 'connection', status: 200 });
    server.on('/noise', respond(200, { 'content-encoding': 'br' }, 'not brotli at all'));
    expect(await fetching(server.url('/noise'))).toEqual({ kind: 'failed', reason: 'connection', status: 200 });
    server.on('/short', (response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(BODY, () => response.destroy());
    });
    expect(await fetching(server.url('/short'))).toEqual({ kind: 'failed', reason: 'connection', status: null });
  });

  test('the limit counts decoded bytes: at the limit is read, one more is an error', async () => {
    server.on('/full', respond(200, { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(MIB))));
    expect(await fetching(server.url('/full'), { limits: { maxBytes: MIB } })).toMatchObject({ kind: 'fetched' });
    server.on('/over', respond(200, { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(MIB + 1))));
    expect(await fetching(server.url('/over'), { limits: { maxBytes: MIB } })).toEqual({
      kind: 'failed',
      reason: 'too-large',
      status: 200,
    });
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(300 * MIB))],
    ['br', brotliCompressSync(Buffer.alloc(300 * MIB), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(300 * MIB)))],
  ])('a %s bomb is stopped at the limit, in bounded memory', async (coding, bomb) => {
    server.on('/bomb', respond(200, { 'content-encoding': coding }, bomb));
    const before = process.memoryUsage();
    const outcome = await fetching(server.url('/bomb'));
    const after = process.memoryUsage();
    expect(outcome).toEqual({ kind: 'failed', reason: 'too-large', status: 200 });
    expect(after.external + after.heapUsed - before.external - before.heapUsed).toBeLessThan(60 * MIB);
  });
});

describe('time and size', () => {
  test('an endless body ends at the size limit', async () => {
    server.on('/endless', (response) => {
      const pour = () => {
        if (!response.destroyed) response.write(Buffer.alloc(64 * 1024), () => setImmediate(pour));
      };
      response.writeHead(200);
      pour();
    });
    expect(await fetching(server.url('/endless'))).toMatchObject({ reason: 'too-large' });
  });

  test('a body that drips ends at the total limit', async () => {
    server.on(
      '/drip',
      drip(50, () => ' '),
    );
    const startedAt = Date.now();
    expect(await fetching(server.url('/drip'), { limits: SHORT })).toMatchObject({ reason: 'timeout' });
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });

  test('no first byte, and a body that falls silent, end at the first-byte limit', async () => {
    server.on('/mute', () => undefined);
    expect(await fetching(server.url('/mute'), { limits: { ...SHORT, totalMs: 20_000 } })).toMatchObject({
      reason: 'timeout',
    });
    server.on('/pause', (response) => void response.writeHead(200).write('<rss>'));
    expect(await fetching(server.url('/pause'), { limits: { ...SHORT, totalMs: 20_000 } })).toMatchObject({
      reason: 'timeout',
    });
  });

  test('a TLS handshake that never answers ends at the connect limit', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { allow } = parseAllowList([`127.0.0.1:${String(port)}`]);
    const outcome = await fetching(new URL(`https://127.0.0.1:${String(port)}/`), {
      allow,
      limits: { ...SHORT, totalMs: 20_000 },
    });
    silent.close();
    expect(outcome).toMatchObject({ reason: 'timeout' });
  });
});

describe('failures of the network', () => {
  test('a host without a name, a closed port, plain HTTP behind https, an unreadable answer', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
    expect(await fetching(new URL('http://nowhere.test/'), { resolve })).toMatchObject({ reason: 'dns' });
    const { allow } = parseAllowList(['127.0.0.1:1', `127.0.0.1:${String(server.port)}`]);
    expect(await fetching(new URL('http://127.0.0.1:1/'), { allow })).toMatchObject({ reason: 'connection' });
    expect(await fetching(new URL(`https://127.0.0.1:${String(server.port)}/`), { allow })).toMatchObject({
      reason: 'tls',
    });
    server.on('/noise', (response) => void response.socket?.end('nonsense\r\n\r\n'));
    expect(await fetching(server.url('/noise'))).toMatchObject({ reason: 'connection' });
  });
});

describe('redirects', () => {
  test('are followed, keep the validators, and say where they ended', async () => {
    server.on('/old', respond(301, { location: '/newer' }));
    server.on('/newer', respond(302, { location: server.url('/newest').href }));
    server.on('/newest', respond(200, {}, BODY));
    const outcome = await fetching(server.url('/old'), {}, { etag: '"e"', lastModified: null });
    expect(outcome).toMatchObject({ kind: 'fetched', url: server.url('/newest') });
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe('"e"');
  });

  test('five are followed, a sixth is not', async () => {
    for (let hop = 0; hop < 6; hop += 1)
      server.on(`/hop${String(hop)}`, respond(307, { location: `/hop${String(hop + 1)}` }));
    server.on('/hop6', respond(200, {}, BODY));
    expect(await fetching(server.url('/hop1'))).toMatchObject({ kind: 'fetched' });
    expect(await fetching(server.url('/hop0'))).toMatchObject({ kind: 'failed', reason: 'redirects' });
  });

  test.each([[{}], [{ location: '' }], [{ location: 'http://' }], [{ location: 'file:///etc/passwd' }]])(
    'to nowhere (%j) are a failure',
    async (headers) => {
      server.on('/nowhere', respond(302, headers));
      expect(await fetching(server.url('/nowhere'))).toMatchObject({ kind: 'failed', reason: 'redirects' });
    },
  );

  test.each([
    'http://127.0.0.1:9/',
    'http://127.0.0.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://127.1/',
    'http://%E2%91%A0%E2%91%A1%E2%91%A6.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://localhost./',
    'http://169.254.169.254/latest/meta-data/',
    'http://user:secret@feed.test/',
    'http://feed.test:22/',
  ])('from an allowed first hop to %s are refused', async (location) => {
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    server.on('/lure', respond(302, { location }));
    expect(await fetching(server.url('/lure'), { resolve })).toEqual({
      kind: 'failed',
      reason: 'blocked-address',
      status: null,
    });
  });

  test('to an address with a user name are refused, even where all else is allowed', async () => {
    server.on('/welcome', respond(200, {}, BODY));
    const location = server.url('/welcome').href.replace('//', '//user:secret@');
    server.on('/lure', respond(302, { location }));
    expect(await fetching(server.url('/lure'))).toMatchObject({ kind: 'failed', reason: 'blocked-address' });
  });
});

describe('names that lead to private addresses', () => {
  const inside = { address: '127.0.0.1', family: 4 };
  const outside = { address: '93.184.216.34', family: 4 };

  test('are refused, alone or among public ones', async () => {
    for (const answers of [[inside], [outside, inside], [outside, { address: 'fe80::1%lo', family: 6 }]]) {
      const outcome = await fetching(new URL('http://feed.test/'), { resolve: () => Promise.resolve(answers) });
      expect(outcome).toEqual({ kind: 'failed', reason: 'blocked-address', status: null });
    }
  });

  test('a name is resolved once for a connection, and again for the next hop: rebinding is refused there', async () => {
    const host = `feed.test:${String(server.port)}`;
    let asked = 0;
    const resolve = () => {
      asked += 1;
      return Promise.resolve([inside]);
    };
    server.on('/named', respond(200, {}, BODY));
    expect(await fetching(new URL(`http://${host}/named`), { resolve })).toMatchObject({ kind: 'fetched' });
    expect(asked).toBe(1);

    server.on('/rebind', respond(302, { location: 'http://feed.test/' }));
    expect(await fetching(new URL(`http://${host}/rebind`), { resolve })).toMatchObject({ reason: 'blocked-address' });
  });

  test('nothing of the inside is open by default, and a refusal says nothing of what was there', async () => {
    const before = server.requests.length;
    expect(await fetching(server.url('/polite'), { allow: NOTHING_ALLOWED })).toEqual({
      kind: 'failed',
      reason: 'blocked-address',
      status: null,
    });
    expect(server.requests).toHaveLength(before);
  });
});
