import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createConsoleAdapter } from '../../adapters/console/console-adapter.js';
import { createApp } from '../../src/app.js';
import { parseChannel } from '../../src/chat/channel.js';
import { parseConfig, type Config } from '../../src/config.js';
import { pollFeedNow } from '../../src/feeds/poll-feed.js';
import { openOutside } from '../../src/outside.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../support/database.js';
import { respond, startFeedServer, type FeedServer } from '../support/feed-server.js';
import { startHub, type Hub } from '../support/hub.js';
import { atom } from '../support/websub-world.js';

let database: TestDatabase;
let publisher: FeedServer;
let hub: Hub;

beforeEach(async () => {
  [database, publisher, hub] = await Promise.all([openTestDatabase(), startFeedServer(), startHub(() => new Date())]);
  const links = `<link rel="hub" href="${hub.url('/hub').href}"/><link rel="self" href="${publisher.url('/feed').href}"/>`;
  publisher.on('/feed', respond(200, { 'content-type': 'application/atom+xml' }, atom(['Old'], links)));
});
afterEach(() => Promise.all([database.drop(), publisher.close(), hub.close()]));

/** The whole bot, which has polled the feed once; `work` sees what it tells. */
async function withBot(environment: Record<string, string>, work: (told: readonly string[]) => Promise<void>) {
  const ports = [publisher.port, hub.port].map((port) => `127.0.0.1:${String(port)}`);
  const config: Config = {
    ...parseConfig({ PORT: '0', TIDINGS_ALLOW_HOSTS: ports.join(','), ...environment }),
    database: { url: database.url, dataDir: '/nonexistent' },
  };
  const told: string[] = [];
  const write = (line: string): void => {
    told.push((JSON.parse(line) as { title: string }).title);
  };
  const adapter = createConsoleAdapter({ write, json: true, colour: false, columns: 80 });
  const outside = await openOutside(config, { log: silentLog, adapters: [adapter] });
  const app = await createApp(config, outside, { sweepEveryMs: 100 });
  try {
    const now = new Date();
    const [added] = await app.stores.feeds.add([{ url: publisher.url('/feed'), title: null }], now, now);
    await app.stores.subscriptions.add(
      { channel: parseChannel('console:all'), target: { kind: 'everything' }, createdBy: 'test' },
      now,
    );
    if (added) await pollFeedNow(app.pollDeps, added.id);
    await app.start();
    await work(told);
  } finally {
    await app.stop();
    await outside.close();
  }
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(typeof address === 'object' && address ? address.port : 0);
}

async function until(done: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 15_000;
  while (!done()) {
    if (Date.now() > giveUpAt) throw new Error('it did not happen in time');
    await sleep(20);
  }
}

const kept = async () => (await database.pool.query('select from hub_subscriptions')).rowCount;

test('what a hub pushes is told at once, without a poll', async () => {
  const port = await freePort();
  await withBot({ PORT: port, TIDINGS_PUBLIC_URL: `http://127.0.0.1:${port}` }, async (told) => {
    await until(() => hub.verifications.length > 0);
    const polls = publisher.requests.length;
    expect(await hub.publish(publisher.url('/feed'), atom(['Pushed', 'Old']))).toStrictEqual([200]);
    await until(() => told.length > 0);
    expect(told).toStrictEqual(['Pushed']);
    expect(publisher.requests).toHaveLength(polls);
  });
});

test('without a public address no hub is asked, and there is no callback', async () => {
  await withBot({}, async () => {
    await sleep(300);
    expect(await kept()).toBe(0);
  });
  expect(hub.requests).toStrictEqual([]);
});

test('a process without the role web notes the hub and leaves the asking to one that has it', async () => {
  const environment = { TIDINGS_PUBLIC_URL: 'http://127.0.0.1:9', TIDINGS_ROLES: 'poll,match,deliver' };
  await withBot(environment, async () => {
    await sleep(300);
    expect(await kept()).toBe(1);
  });
  expect(hub.requests).toStrictEqual([]);
});
