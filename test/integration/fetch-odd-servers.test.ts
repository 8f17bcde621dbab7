import { afterEach, describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import zlib from 'node:zlib';
import { bodyOf, fetchOnce } from '../support/fetching.js';
import { startRawServer, type RawServer } from '../support/raw-server.js';

const BODY = '<rss version="2.0"><channel><title>A</title></channel></rss>';
const LENGTH = `Content-Length: ${String(BODY.length)}`;
const BROKEN = { kind: 'failed', reason: 'connection' };
let server: RawServer;

afterEach(() => server.close());

async function served(answer: (socket: Socket) => void): Promise<URL> {
  server = await startRawServer(answer);
  return server.url('/feed?a=1#part');
}

/** Lines of the head, then the body, then the end of the connection. */
function raw(lines: readonly string[], body: string | Uint8Array = BODY): (socket: Socket) => void {
  return (socket) => {
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
    socket.end(body);
  };
}

describe('answers that are read', () => {
  test.each([
    ['early hints before them', ['HTTP/1.1 103 Early Hints', 'Link: </x>', '', 'HTTP/1.1 200 OK', LENGTH]],
    ['two hints before them', ['HTTP/1.1 102 Wait', '', 'HTTP/1.1 103 Hints', '', 'HTTP/1.1 200 OK', LENGTH]],
    ['HTTP/1.0 and no length', ['HTTP/1.0 200 OK', 'Content-Type: text/xml']],
    ['no length and no type', ['HTTP/1.1 200 OK', 'Connection: close']],
    ['a proxy that has touched them', ['HTTP/1.1 203 Transformed', LENGTH]],
    ['no reason phrase', ['HTTP/1.1 200 ', LENGTH]],
  ])('%s', async (_name, lines) => {
    expect(bodyOf(await fetchOnce(await served(raw(lines))))).toBe(BODY);
  });

  test('an empty one is read as empty', async () => {
    const outcome = await fetchOnce(await served(raw(['HTTP/1.1 200 OK', 'Content-Length: 0'], '')));
    expect(outcome).toMatchObject({ kind: 'fetched', body: Buffer.alloc(0) });
  });
});

describe('answers that are failures, never a short document', () => {
  test.each([
    ['shorter than announced', ['HTTP/1.1 200 OK', 'Content-Length: 999']],
    ['chunks without an end', ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], `10\r\n${BODY.slice(0, 16)}\r\n`],
    ['a chunk that is cut', ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], `ff\r\n${BODY}`],
    ['two lengths that disagree', ['HTTP/1.1 200 OK', LENGTH, 'Content-Length: 3']],
    ['a length beside chunks', ['HTTP/1.1 200 OK', LENGTH, 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['a length that is none', ['HTTP/1.1 200 OK', 'Content-Length: -1']],
    ['another protocol', ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: upgrade']],
    ['a head of 100 KB', ['HTTP/1.1 200 OK', `X-Long: ${'x'.repeat(100_000)}`, LENGTH]],
    ['ten thousand headers', ['HTTP/1.1 200 OK', ...Array.from({ length: 10_000 }, () => 'X-Many: x'), LENGTH]],
    ['only hints', ['HTTP/1.1 103 Early Hints', 'Link: </x>'], ''],
    ['no HTTP', ['220 ready']],
    ['an empty line', ['']],
  ])('%s', async (_name, lines, body = BODY) => {
    expect(await fetchOnce(await served(raw(lines, body)))).toMatchObject(BROKEN);
  });

  test.each([204, 205, 206, 304])('%i', async (status) => {
    const url = await served(raw([`HTTP/1.1 ${String(status)} X`, 'Content-Length: 0'], ''));
    expect(await fetchOnce(url)).toEqual({ kind: 'failed', reason: 'status', status });
  });

  test('a head that drips ends at the total limit, one that never ends at its size', async () => {
    const dripping = await served((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX: ');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => {
        clearInterval(timer);
      });
    });
    const limits = { firstByteMs: 20_000, totalMs: 500 };
    expect(await fetchOnce(dripping, {}, { limits })).toMatchObject({ reason: 'timeout' });
    await server.close();
    const endless = await served((socket) => {
      const pour = () => {
        if (!socket.destroyed) socket.write(`X-More: ${'x'.repeat(1000)}\r\n`, () => setImmediate(pour));
      };
      socket.write('HTTP/1.1 200 OK\r\n');
      pour();
    });
    expect(await fetchOnce(endless)).toMatchObject(BROKEN);
  });
});

describe('what goes over the wire', () => {
  test('is one plain request, without a fragment, with the reader in its name', async () => {
    const url = await served(raw(['HTTP/1.1 200 OK', 'Set-Cookie: a=1', LENGTH]));
    await fetchOnce(url, { reader: { feedId: '7f' as never, subscribers: 1 } });
    expect(server.heads).toHaveLength(1);
    const [first, ...headers] = (server.heads[0] ?? '').trim().split('\r\n');
    expect(first).toBe('GET /feed?a=1 HTTP/1.1');
    expect(headers.map((line) => line.split(':', 1).join('').toLowerCase())).toEqual([
      ...['host', 'connection', 'user-agent', 'accept', 'accept-encoding'],
    ]);
    expect(headers).toContain('user-agent: Tidings/test (+https://tidings.test/about; feed-id 7f; 1 subscriber)');
  });

  test('validators in any bytes come back as the same bytes; of repeated ones the first', async () => {
    const etag = Buffer.from('"\u00fcml\u00e4ut \u6771"').toString('latin1');
    const url = await served(
      raw(['HTTP/1.1 200 OK', `ETag: ${etag}`, 'ETag: "other"', 'Last-Modified: now, more or less', LENGTH]),
    );
    const outcome = await fetchOnce(url);
    const validators = outcome.kind === 'fetched' ? outcome.validators : { etag: null, lastModified: null };
    expect(validators).toEqual({ etag, lastModified: 'now, more or less' });
    await fetchOnce(url, { validators });
    expect(server.heads[1]).toContain(`if-none-match: ${etag}\r\nif-modified-since: now, more or less\r\n`);
  });
});

describe('codings that are not what they are called', () => {
  const compress = Reflect.get(zlib, 'zstdCompressSync') as ((text: string) => Buffer) | undefined;
  const zstd = compress ? [['zstd', compress(BODY)] as const] : [];
  test.each([
    ['gzip', Buffer.from(BODY)],
    ['x-gzip', Buffer.from(`\ufeff\n${BODY}`)],
    ['br', Buffer.from(BODY)],
    ['deflate', Buffer.from(BODY)],
    ['gzip, br', gzipSync(BODY)],
    ['', gzipSync(BODY)],
    ['gzip', gzipSync(gzipSync(BODY))],
    ['identity', gzipSync(BODY)],
    ['UTF-8', Buffer.from(BODY)],
    ['quantum', Buffer.from(BODY)],
    ['deflate, gzip', gzipSync(deflateSync(BODY))],
    ...zstd,
  ])('%s', async (coding, body) => {
    const lines = ['HTTP/1.1 200 OK', `Content-Length: ${String(body.length)}`];
    const url = await served(raw(coding === '' ? lines : [...lines, `Content-Encoding: ${coding}`], body));
    expect(bodyOf(await fetchOnce(url)).replace(/^\s+/, '')).toBe(BODY);
  });

  test.each([
    ['gzip', gzipSync(BODY).subarray(0, -9)],
    ['br', brotliCompressSync(BODY).subarray(0, -3)],
    ['deflate', deflateSync(BODY).subarray(0, -7)],
    ['', gzipSync(BODY).subarray(0, -9)],
    ['quantum', gzipSync(BODY)],
    ['gzip, gzip, gzip', gzipSync(BODY)],
  ])('a %s body that is damaged or cannot be undone is a failure', async (coding, body) => {
    const lines = ['HTTP/1.1 200 OK', `Content-Encoding: ${coding}`, `Content-Length: ${String(body.length)}`];
    expect(await fetchOnce(await served(raw(lines, body)))).toMatchObject(BROKEN);
  });
});
