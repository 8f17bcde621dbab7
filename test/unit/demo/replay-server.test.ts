import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mediaTypeOf, startReplayServer, type ReplayServer } from '../../../src/demo/replay-server.js';

let dir = '';
let server: ReplayServer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidings-replay-'));
  const documents = ['<rss version="2.0">one</rss>', '<rss version="2.0">two</rss>', '<rss version="2.0">two</rss>'];
  for (const [index, text] of documents.entries()) await writeFile(join(dir, `${String(index)}.xml`), text);
  const snapshots = documents.map((_, index) => ({
    file: join(dir, `${String(index)}.xml`),
    at: new Date(Date.UTC(2026, 2, 2 + index)),
  }));
  server = await startReplayServer([{ feed: 'a feed', snapshots }]);
});
beforeEach(() => {
  server.show('a feed', 0);
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

const get = (headers: Record<string, string> = {}): Promise<Response> => fetch(server.url('a feed'), { headers });

describe('the replay server', () => {
  test('shows the backlog first and then what it is told to', async () => {
    expect(await (await get()).text()).toContain('one');
    server.show('a feed', 1);
    expect(await (await get()).text()).toContain('two');
  });

  test('says when a document was recorded and names no character encoding', async () => {
    const { headers } = await get();
    expect(headers.get('last-modified')).toBe('Mon, 02 Mar 2026 00:00:00 GMT');
    expect(headers.get('content-type')).toBe('application/rss+xml');
  });

  test('answers 304 to the validators it gave, until the bytes change', async () => {
    server.show('a feed', 1);
    const etag = (await get()).headers.get('etag') ?? '';
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    expect((await get({ 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
    server.show('a feed', 2);
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    server.show('a feed', 0);
    expect((await get({ 'if-none-match': etag })).status).toBe(200);
  });

  test('takes If-Modified-Since only where no entity tag is sent', async () => {
    const since = { 'if-modified-since': 'Mon, 02 Mar 2026 00:00:00 GMT' };
    expect((await get(since)).status).toBe(304);
    expect((await get({ ...since, 'if-none-match': '"another"' })).status).toBe(200);
    server.show('a feed', 1);
    expect((await get(since)).status).toBe(200);
  });

  test('knows no other feed, and only reading', async () => {
    expect((await fetch(new URL('/other.xml', server.url('a feed')))).status).toBe(404);
    expect((await fetch(server.url('a feed'), { method: 'POST' })).status).toBe(405);
  });

  test.each([
    ['<?xml version="1.0"?>\n<rss version="2.0">', 'application/rss+xml'],
    ['<?xml version="1.0"?><!-- x -->\n<feed xmlns="http://www.w3.org/2005/Atom">', 'application/atom+xml'],
    ['<rdf:RDF xmlns="http://purl.org/rss/1.0/">', 'application/rdf+xml'],
    ['  {"version": "https://jsonfeed.org/version/1.1"}', 'application/feed+json'],
    ['<!doctype html><html>', 'text/html'],
    ['', 'application/xml'],
  ])('calls %j %s', (text, mediaType) => {
    expect(mediaTypeOf(Buffer.from(text))).toBe(mediaType);
  });
});
