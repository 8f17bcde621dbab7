import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { Fetcher } from '../../src/feeds/fetching/fetcher.js';
import { respond, startFeedServer, type FeedServer } from '../support/feed-server.js';
import { fetcherFor } from '../support/fetching.js';

const MIB = 1024 * 1024;
let server: FeedServer;
let fetcher: Fetcher;
let forms: { readonly path: string; readonly type: string; readonly body: string }[];

beforeEach(async () => {
  server = await startFeedServer();
  fetcher = fetcherFor([`127.0.0.1:${String(server.port)}`]);
  forms = [];
});
afterEach(async () => {
  await fetcher.close();
  await server.close();
});

/** Keeps the form, then answers. */
function taking(path: string, ...answer: Parameters<typeof respond>): void {
  server.on(path, (response, request) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      forms.push({ path, type: request.headers['content-type'] ?? '', body });
      respond(...answer)(response, request);
    });
  });
}

describe('a page', () => {
  test('is read with its links, where its redirects end, and only asked for politely', async () => {
    server.on('/', respond(302, { location: '/blog' }));
    const headers = { 'content-type': 'text/html; charset=latin1', link: ['</a>; rel=hub', '</b>; rel=self'] };
    server.on('/blog', respond(200, { ...headers, 'content-encoding': 'gzip' }, gzipSync('<html>')));
    expect(await fetcher.fetchPage(server.url('/'))).toEqual({
      kind: 'page',
      url: server.url('/blog'),
      body: Buffer.from('<html>'),
      contentType: 'text/html; charset=latin1',
      linkHeader: '</a>; rel=hub, </b>; rel=self',
    });
    expect(server.requests.at(-1)?.headers).toMatchObject({
      'user-agent': 'Tidings/test (+https://tidings.test/about)',
      accept: expect.stringContaining('text/html'),
    });
    expect(fetcher.manners().requests).toBe(0);
  });

  test('may be asked for otherwise', async () => {
    server.on('/feed', respond(200, {}, 'x'.repeat(20)));
    expect(await fetcher.fetchPage(server.url('/feed'), { maxBytes: 19, accept: 'text/xml' })).toEqual({
      ...{ kind: 'failed', reason: 'too-large', status: 200 },
    });
    expect(server.requests.at(-1)?.headers.accept).toBe('text/xml');
  });

  test('of 2 MiB is read, of more is not, compressed or plain', async () => {
    server.on('/full', respond(200, {}, Buffer.alloc(2 * MIB)));
    expect(await fetcher.fetchPage(server.url('/full'))).toMatchObject({ kind: 'page' });
    server.on('/over', respond(200, {}, Buffer.alloc(2 * MIB + 1)));
    expect(await fetcher.fetchPage(server.url('/over'))).toMatchObject({ reason: 'too-large' });
    server.on('/bomb', respond(200, { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(100 * MIB))));
    expect(await fetcher.fetchPage(server.url('/bomb'))).toMatchObject({ reason: 'too-large' });
  });

  test('that is not there, or three redirects away, and one that is further', async () => {
    expect(await fetcher.fetchPage(server.url('/none'))).toEqual({ kind: 'failed', reason: 'status', status: 404 });
    for (const hop of [1, 2, 3, 4]) {
      server.on(`/${String(hop)}`, respond(302, { location: `/${String(hop - 1)}` }));
    }
    server.on('/0', respond(200, {}, 'here'));
    expect(await fetcher.fetchPage(server.url('/3'))).toMatchObject({ kind: 'page' });
    expect(await fetcher.fetchPage(server.url('/4'))).toMatchObject({ reason: 'redirects' });
  });
});

describe('a form', () => {
  const fields = { 'hub.mode': 'subscribe', 'hub.topic': 'https://a.example/f?x=1&y=\u00fc' };
  const body = 'hub.mode=subscribe&hub.topic=https%3A%2F%2Fa.example%2Ff%3Fx%3D1%26y%3D%C3%BC';
  const type = 'application/x-www-form-urlencoded';

  test('is posted, and what the answer says in its body is of no account', async () => {
    taking('/hub', 202, { 'retry-after': '60' }, 'secret of the inside');
    expect(await fetcher.postForm(server.url('/hub'), fields)).toEqual({
      ...{ kind: 'answered', status: 202, retryAfterMs: 60_000, location: null },
    });
    expect(forms).toEqual([{ path: '/hub', type, body }]);
  });

  test.each([307, 308])('goes on whole after %i', async (status) => {
    taking('/hub', status, { location: '/new' });
    taking('/new', 202);
    expect(await fetcher.postForm(server.url('/hub'), fields)).toMatchObject({ kind: 'answered', status: 202 });
    expect(forms).toEqual([
      { path: '/hub', type, body },
      { path: '/new', type, body },
    ]);
  });

  test.each([301, 302, 303])('does not go on after %i, which would make it a question', async (status) => {
    taking('/hub', status, { location: '/new' });
    expect(await fetcher.postForm(server.url('/hub'), fields)).toMatchObject({ status, location: '/new' });
    expect(server.requests).toHaveLength(1);
  });

  test('goes on three times at most', async () => {
    for (const hop of [1, 2, 3, 4]) taking(`/${String(hop)}`, 307, { location: `/${String(hop - 1)}` });
    taking('/0', 204);
    expect(await fetcher.postForm(server.url('/3'), fields)).toMatchObject({ status: 204 });
    expect(await fetcher.postForm(server.url('/4'), fields)).toEqual({ kind: 'failed', reason: 'redirects' });
  });
});
