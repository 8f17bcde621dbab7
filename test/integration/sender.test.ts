import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ChatAdapter, PlatformPace } from '../../src/chat/chat-adapter.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { FindOutcome, PostOutcome } from '../../src/chat/post-outcome.js';
import { systemClock } from '../../src/clock.js';
import { createSender, type Sender, type SenderDeps } from '../../src/deliveries/sender.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../support/database.js';
import { NO_PACE } from '../support/deliveries.js';

let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate deliveries, channels cascade');
});

async function promiseNotices(workspace: string, channels: number, each: number): Promise<void> {
  await database.pool.query(
    `insert into channels (platform, workspace_id, channel_id)
     select 'console', $1, $1 || n from generate_series(1, $2) n on conflict do nothing`,
    [workspace, channels],
  );
  await database.pool.query(
    `insert into deliveries (notice, channel_id, state, promised_at, due_at)
     select jsonb_build_object('title', n::text, 'text', ''), id, 'pending', $2, $2
       from generate_series(1, $3) n, channels where workspace_id = $1 order by n`,
    [workspace, new Date(), each],
  );
}

interface Heard {
  readonly channel: ChannelRef;
  readonly title: string;
  readonly atMs: number;
}

interface Bench {
  readonly sender: Sender;
  readonly heard: readonly Heard[];
}

interface Behaviour {
  readonly answer?: (channel: ChannelRef, title: string) => Promise<PostOutcome | null> | PostOutcome | null;
  readonly find?: () => FindOutcome;
  readonly pace?: PlatformPace;
  /** Requests that each post takes. */
  readonly requests?: () => number;
  readonly deps?: Partial<SenderDeps>;
}

function open({ answer, find, pace = NO_PACE, requests = () => 1, deps = {} }: Behaviour = {}): Bench {
  const heard: Heard[] = [];
  let recent = 0;
  const adapter: ChatAdapter = {
    ...{ platform: 'console', pace, routes: [] },
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    post: async (channel, { title }, { id }) => {
      recent += requests();
      const other = await answer?.(channel, title);
      if (other) return other;
      heard.push({ channel, title, atMs: performance.now() });
      return { kind: 'posted', messageId: id };
    },
    edit: () => Promise.resolve({ kind: 'posted', messageId: '' }),
    find: () => Promise.resolve(find?.() ?? { kind: 'absent' }),
    takeRequests: () => {
      const taken = { recent, invalid: 0 };
      recent = 0;
      return taken;
    },
  };
  const { deliveries } = stores;
  const sender = createSender({ deliveries, topics: [], clock: systemClock, log: silentLog, ...deps }, adapter);
  return { sender, heard };
}

const titlesIn = (heard: readonly Heard[], channelId: string) =>
  heard.filter(({ channel }) => channel.channelId === channelId).map(({ title }) => title);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

test('one wake sends all that waits, each channel in its order, each message once', async () => {
  await promiseNotices('w', 40, 25);
  const [one, two] = [open(), open()];
  await Promise.all([one.sender.wake(), two.sender.wake()]);
  for (const { sender } of [one, two]) await sender.wake();
  const heard = [...one.heard, ...two.heard].sort((a, b) => a.atMs - b.atMs);
  expect(heard).toHaveLength(1_000);
  for (let channel = 1; channel <= 40; channel += 1) {
    expect(titlesIn(heard, `w${String(channel)}`)).toEqual(numbered(25));
  }
});

test('a workspace with thousands of deliveries whose requests all hang delays another by a moment only', async () => {
  await promiseNotices('hangs', 300, 20);
  let release = (): void => undefined;
  const released = new Promise<null>((resolve) => {
    release = () => {
      resolve(null);
    };
  });
  const { sender, heard } = open({
    answer: ({ workspaceId }) =>
      workspaceId === 'hangs' ? released.then(() => ({ kind: 'unavailable', detail: '' })) : null,
  });
  void sender.wake();
  await sleep(300);
  await promiseNotices('quick', 20, 3);
  const promisedMs = performance.now();
  void sender.wake();
  while (heard.length < 60 && performance.now() - promisedMs < 8_000) await sleep(10);
  expect(heard).toHaveLength(60);
  expect((heard.at(-1)?.atMs ?? Infinity) - promisedMs).toBeLessThan(2_000);
  release();
  await sender.stop();
});

test('a channel that is written to at its pace gets nearly all that it may have, and never more', async () => {
  await promiseNotices('paced', 3, 12);
  const { sender, heard } = open({
    pace: { perChannel: { everyMs: 200, burst: 2 }, perBot: null },
    deps: { lingerMs: 1_000 },
  });
  const begun = performance.now();
  await sender.wake();
  const tookMs = performance.now() - begun;
  expect(heard).toHaveLength(36);
  // Twelve, of which two come at once: ten waits.
  expect(tookMs).toBeGreaterThan(2_000 - 20);
  expect(tookMs).toBeLessThan(2_000 / 0.9);
});

test('where the platform drops a second copy, a lost message is sent again in the claim that found it missing', async () => {
  await promiseNotices('w', 1, 2);
  let lost = 0;
  let now = new Date();
  const { sender, heard } = open({
    answer: () => (lost++ === 0 ? { kind: 'unknown', detail: 'reset' } : null),
    find: () => ({ kind: 'repeatable' }),
    deps: { clock: () => now },
  });
  await sender.wake();
  expect(heard).toHaveLength(0);
  now = new Date(now.getTime() + 5_000);
  await sender.wake();
  expect(heard.map(({ title }) => title)).toEqual(['1', '2']);
});

test('a verdict outlives a database that is away for a moment', async () => {
  await promiseNotices('w', 1, 1);
  let failures = 0;
  const { deliveries } = stores;
  const record: typeof deliveries.record = (...args) =>
    failures++ === 0 ? Promise.reject(new Error('terminating connection')) : deliveries.record(...args);
  const { sender, heard } = open({ deps: { deliveries: { ...deliveries, record } } });
  await sender.wake();
  expect(heard).toHaveLength(1);
  expect((await stores.statusOf.counts()).deliveries.sent).toBe(1);
});

test('a stop lets what is under way end, and leaves the rest', async () => {
  await promiseNotices('w', 5, 4);
  const { sender, heard } = open({ answer: () => sleep(100, null) });
  void sender.wake();
  while ((await stores.statusOf.counts()).deliveries.sending < 5) await sleep(5);
  await sender.stop();
  expect(heard).toHaveLength(5);
  expect((await stores.statusOf.counts()).deliveries).toMatchObject({ sent: 5, pending: 15, sending: 0 });
});

test('requests beside the one of each claim take turns of the bot too, and those that were not made give none', async () => {
  let taken = 0;
  let each = 0;
  const deliveries: SenderDeps['deliveries'] = {
    ...stores.deliveries,
    countRequests: (_platform, { unpacedMs }) => {
      taken += unpacedMs;
      return Promise.resolve();
    },
  };
  const pace = { perChannel: null, perBot: { everyMs: 0.5 } };
  const { sender } = open({ pace, requests: () => each, deps: { deliveries, lingerMs: 1_000 } });
  for (const [requests, turns] of [
    [0, 0],
    [1, 0],
    [3, 60],
  ] as const) {
    [each, taken] = [requests, 0];
    await promiseNotices('w', 5, 6);
    await sender.wake();
    await sender.wake();
    expect(taken / 0.5).toBe(turns);
  }
});
