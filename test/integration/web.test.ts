import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { HttpRoute } from '../../src/chat/http-route.js';
import { ConfigError } from '../../src/errors.js';
import type { Logger } from '../../src/log.js';
import { NO_VALIDATORS } from '../../src/feeds/feed.js';
import type { Metric } from '../../src/web/metrics.js';
import { pollMetrics } from '../../src/web/poll-metrics.js';
import { fetcherFor } from '../support/fetching.js';
import { createWebServer, type WebServer, type WebServerOptions } from '../../src/web/server.js';

const quiet = (): void => undefined;
const log: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const answers = (): Promise<void> => Promise.resolve();
const running: WebServer[] = [];

async function serve(options: Partial<WebServerOptions> = {}): Promise<string> {
  const server = createWebServer({
    host: '127.0.0.1',
    port: 0,
    routes: [],
    checks: { database: answers, queue: answers },
    log,
    ...options,
  });
  await server.start();
  running.push(server);
  return server.address();
}

/** A callback that answers with the bytes it read, as a signature check would see them. */
const echo: HttpRoute = {
  method: 'POST',
  path: '/slack/events',
  handle: (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end(Buffer.concat(chunks)));
  },
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

describe('the web server', () => {
  test('says that it is up', async () => {
    const response = await fetch(`${await serve()}/healthz`);
    expect([response.status, await response.json()]).toStrictEqual([200, { up: true }]);
  });

  test('is ready when the database and the queue answer', async () => {
    const response = await fetch(`${await serve()}/readyz`);
    expect([response.status, await response.json()]).toStrictEqual([200, { ready: true, database: true, queue: true }]);
  });

  test('shows its figures to Prometheus, each read when asked for', async () => {
    let polls = 2;
    const metrics: readonly Metric[] = [
      {
        name: 'polls_total',
        help: 'Polls',
        kind: 'counter',
        label: 'outcome',
        read: () => ({ fetched: polls, dns: 1 }),
      },
      { name: 'waiting', help: 'Waiting', kind: 'gauge', read: () => Promise.resolve(7) },
    ];
    const address = await serve({ metrics });
    await serve({ metrics });
    polls = 3;
    for (let asked = 0; asked < 2; asked += 1) {
      const response = await fetch(`${address}/metrics`);
      const text = await response.text();
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(text.split('\n')).toEqual(
        expect.arrayContaining(['polls_total{outcome="fetched"} 3', 'polls_total{outcome="dns"} 1', 'waiting 7']),
      );
      expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    }
  });

  test('shows how polls went and how they behaved, and no address', async () => {
    const { manners, tally, fetchFeed, close } = fetcherFor([]);
    const url = new URL('http://127.0.0.1:9/secret-feed');
    await fetchFeed({ url, validators: NO_VALIDATORS, verifyTls: true, reader: null });
    const response = await fetch(`${await serve({ metrics: pollMetrics(manners, tally) })}/metrics`);
    const text = await response.text();
    await close();
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'tidings_polls_total{outcome="blocked-address"} 1',
        'tidings_poll_requests_total{seen_as="unconditional"} 1',
        'tidings_poll_requests_total{seen_as="bogus"} 0',
        'tidings_poll_bytes_total 0',
      ]),
    );
    expect(text).toMatch(/^tidings_poll_seconds_total 0\.\d+$/m);
    expect(text).not.toMatch(/secret-feed|127\.0\.0\.1/);
  });

  test('names the part that does not answer, and nothing of why', async () => {
    const queue = (): Promise<void> => Promise.reject(new Error('connect ECONNREFUSED redis://:hunter2@cache'));
    const response = await fetch(`${await serve({ checks: { database: answers, queue } })}/readyz`);
    expect([response.status, await response.json()]).toStrictEqual([
      503,
      { ready: false, database: true, queue: false },
    ]);
  });

  test('does not wait for ever for a part that hangs', async () => {
    const database = (): Promise<void> => new Promise(quiet);
    const response = await fetch(`${await serve({ checks: { database, queue: answers } })}/readyz`);
    expect(await response.json()).toStrictEqual({ ready: false, database: false, queue: true });
  });

  test.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'odd/type; charset=x'])(
    'hands a callback the bytes of a %s body unread',
    async (type) => {
      const body = '{"text": "caf\u00e9 "}\n';
      const url = `${await serve({ routes: [echo] })}/slack/events`;
      const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
      expect(await response.text()).toBe(body);
    },
  );

  test('hands over a body without a content type', async () => {
    const url = `${await serve({ routes: [echo] })}/slack/events`;
    const response = await fetch(url, { method: 'POST', body: new Uint8Array([1, 2, 3]) });
    expect(new Uint8Array(await response.arrayBuffer())).toStrictEqual(new Uint8Array([1, 2, 3]));
  });

  test('refuses a callback body of more than a megabyte', async () => {
    const url = `${await serve({ routes: [echo] })}/slack/events`;
    const response = await fetch(url, { method: 'POST', body: 'x'.repeat(1_000_001) });
    expect(response.status).toBe(413);
  });

  test('cuts off a chunked body that grows beyond a megabyte', async () => {
    const url = new URL(await serve({ routes: [echo] }));
    const socket = connect(Number(url.port), url.hostname);
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', quiet));
    socket.write('POST /slack/events HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`;
    for (let sent = 0; sent < 20; sent += 1) socket.write(chunk);
    socket.resume();
    await expect(closed).resolves.toBeDefined();
  });

  test('sends security headers with every answer, callbacks included, and no server banner', async () => {
    const url = await serve({ routes: [echo] });
    const responses = await Promise.all([
      fetch(`${url}/healthz`),
      fetch(`${url}/nothing`),
      fetch(`${url}/slack/events`, { method: 'POST', body: 'x' }),
    ]);
    for (const { headers } of responses) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull();
    }
  });

  test('answers an unknown address in the form that was asked for', async () => {
    const url = `${await serve()}/nothing`;
    const asText = await fetch(url, { headers: { accept: 'text/html' } });
    const asJson = await fetch(url, { headers: { accept: 'application/json' } });
    expect([asText.status, asJson.status]).toStrictEqual([404, 404]);
    expect(await asText.text()).toContain('/healthz');
    expect(await asJson.json()).toMatchObject({ error: 'not-found' });
  });

  test('a taken port is a problem of the configuration, and says what to do', async () => {
    const port = Number(new URL(await serve()).port);
    await expect(serve({ port })).rejects.toStrictEqual(
      new ConfigError([
        `PORT ${String(port)} on 127.0.0.1 is taken: stop what uses it or set PORT (0 picks a free one)`,
      ]),
    );
  });

  test('an address of another machine is a problem of the configuration', async () => {
    await expect(serve({ host: '192.0.2.1' })).rejects.toThrow(/^HOST 192\.0\.2\.1 is not an address of this machine/);
  });

  test('stops within seconds although a client keeps its connection and a callback never answers', async () => {
    const hanging: HttpRoute = { method: 'POST', path: '/discord/interactions', handle: quiet };
    const url = await serve({ routes: [hanging] });
    await (await fetch(`${url}/healthz`)).text();
    const hung = fetch(`${url}/discord/interactions`, { method: 'POST', body: 'x' }).catch(() => 'cut off');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await running.pop()?.stop();
    expect(await hung).toBe('cut off');
  });
});
