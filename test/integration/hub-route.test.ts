import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import type { HubAnswer, HubCallback, Push } from '../../src/feeds/websub/hub-callback.js';
import { mountHubCallback, type HubRouteLimits } from '../../src/web/hub-route.js';

const LIMITS: HubRouteLimits = { maxBodyBytes: 100_000, atOnce: 3, atOnceOfOne: 2, answerWithinMs: 5_000 };
const STORED: HubAnswer = { status: 200, text: 'stored' };
const running: FastifyInstance[] = [];
let pushes: Push[] = [];

afterEach(async () => {
  pushes = [];
  await Promise.all(running.splice(0).map((app) => app.close()));
});

/** The route in front of a subscription for every token that begins with "known". */
async function serve(over: Partial<HubCallback> = {}, limits: Partial<HubRouteLimits> = {}): Promise<URL> {
  const callback: HubCallback = {
    refusePush: (token) => Promise.resolve(token.startsWith('known') ? null : { status: 404, text: 'nothing' }),
    verify: (_token, query) => Promise.resolve({ status: 200, text: String(query['hub.challenge']) }),
    push: (_token, push) => {
      pushes.push(push);
      return Promise.resolve(STORED);
    },
    ...over,
  };
  const app = fastify({ forceCloseConnections: true });
  mountHubCallback(app, callback, { ...LIMITS, ...limits });
  running.push(app);
  return new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
}

const post = (server: URL, token: string, body: string, headers: Record<string, string> = {}) =>
  fetch(new URL(`/websub/${token}`, server), { method: 'POST', body, headers });

test('a challenge comes back letter by letter, and never as markup', async () => {
  const server = await serve();
  const challenge = '<script>alert(1)</script> +%C3%A9/?&';
  const response = await fetch(
    new URL(`/websub/known?${new URLSearchParams({ 'hub.challenge': challenge }).toString()}`, server),
  );
  expect(await response.text()).toBe(challenge);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
});

test.each(['application/atom+xml', 'application/json', 'application/x-www-form-urlencoded', 'text/html; charset=x'])(
  'a %s body arrives as its bytes',
  async (type) => {
    const body = '{"a": "caf\u00e9 "}\r\n';
    await post(await serve(), 'known', body, { 'content-type': type, 'x-hub-signature': 'sha1=00' });
    expect(pushes).toStrictEqual([{ body: Buffer.from(body), contentType: type, signature: 'sha1=00' }]);
  },
);

test('a push without body, type or signature arrives as what it is', async () => {
  const response = await fetch(new URL('/websub/known', await serve()), { method: 'POST' });
  expect(response.status).toBe(200);
  expect(pushes).toStrictEqual([{ body: Buffer.alloc(0), contentType: null, signature: null }]);
});

/** What the server answered to the head of a POST, before it got a body, and whether it hung up. */
async function answerToHead(server: URL, token: string, head: string): Promise<string> {
  const socket = connect(Number(server.port), server.hostname);
  socket.write(`POST /websub/${token} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text.split('\r\n', 1).join('');
}

test('a gigabyte from a stranger is refused before any of it is read', async () => {
  expect(await answerToHead(await serve(), 'guessed', 'content-length: 1000000000')).toBe('HTTP/1.1 404 Not Found');
});

test('a gigabyte from a hub is refused by its announced length', async () => {
  const status = await answerToHead(await serve(), 'known', 'content-length: 1000000000');
  expect(status).toBe('HTTP/1.1 413 Payload Too Large');
});

test('a body that grows beyond the limit is cut', async () => {
  const server = await serve();
  const socket = connect(Number(server.port), server.hostname);
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('POST /websub/known HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
  const chunk = `${(10_000).toString(16)}\r\n${'x'.repeat(10_000)}\r\n`;
  for (let sent = 0; sent < 50; sent += 1) socket.write(chunk);
  socket.resume();
  await closed;
  expect(pushes).toStrictEqual([]);
});

test('more at once than fits is sent away with a time to come again, and the rest is served', async () => {
  let release: (answer: HubAnswer) => void = () => undefined;
  const slow = new Promise<HubAnswer>((resolve) => {
    release = resolve;
  });
  const server = await serve({ push: () => slow });
  const first = [post(server, 'known-a', 'x'), post(server, 'known-a', 'x'), post(server, 'known-b', 'x')];
  await sleep(200);
  const tooMany = await Promise.all([post(server, 'known-a', 'x'), post(server, 'known-c', 'x')]);
  expect(tooMany.map(({ status, headers }) => [status, headers.get('retry-after')])).toStrictEqual([
    [503, '60'],
    [503, '60'],
  ]);
  release(STORED);
  expect((await Promise.all(first)).map(({ status }) => status)).toStrictEqual([200, 200, 200]);
  expect((await post(server, 'known-a', 'x')).status).toBe(200);
});

test('one subscription cannot take all the room', async () => {
  const server = await serve({ push: (token) => (token === 'known-a' ? new Promise(() => undefined) : serveAtOnce()) });
  void Promise.allSettled(Array.from({ length: 4 }, () => post(server, 'known-a', 'x')));
  await sleep(200);
  expect((await post(server, 'known-b', 'x')).status).toBe(200);
});

function serveAtOnce(): Promise<HubAnswer> {
  return Promise.resolve(STORED);
}

test('bodies that break off give their room back', async () => {
  const server = await serve();
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const socket = connect(Number(server.port), server.hostname);
    socket.write('POST /websub/known HTTP/1.1\r\nhost: x\r\ncontent-length: 50000\r\n\r\nhalf');
    await sleep(30);
    socket.destroy();
  }
  await sleep(50);
  expect((await post(server, 'known', 'x')).status).toBe(200);
});

test('a hub is not kept waiting, and what takes long keeps its room until it is done', async () => {
  const server = await serve({ push: () => new Promise(() => undefined) }, { answerWithinMs: 100 });
  const late = await Promise.all([post(server, 'known-a', 'x'), post(server, 'known-a', 'x')]);
  expect(late.map(({ status }) => status)).toStrictEqual([503, 503]);
  const startedAt = performance.now();
  expect((await post(server, 'known-a', 'x')).status).toBe(503);
  expect(performance.now() - startedAt).toBeLessThan(90);
});

test('a body that could not be stored is answered 500, so that it is sent again', async () => {
  const server = await serve({ push: () => Promise.reject(new Error('disk full')) });
  expect((await post(server, 'known', 'x')).status).toBe(500);
});
