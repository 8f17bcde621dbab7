import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChannelRef } from '../../src/chat/channel.js';
import { later } from '../../src/clock.js';
import type { Message } from '../../src/chat/message.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { createSender } from '../../src/deliveries/sender.js';
import { matchSightings } from '../../src/deliveries/match-sightings.js';
import type { Feed } from '../../src/feeds/feed.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { CATALOGUE } from '../../src/topics/catalogue.js';
import type { Entry } from '../../src/posts/post.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const MINUTE_MS = 60_000;
const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let database: TestDatabase;
let stores: Stores;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());

interface Bench {
  readonly feed: Feed;
  readonly channel: ChannelRef;
  readonly heard: Message[];
  readonly publish: (entries: readonly Entry[], now?: Date) => Promise<number>;
  readonly match: (now?: Date) => Promise<void>;
  /** Sends all that is due at that time. */
  readonly send: (now: Date, answer?: (message: Message) => PostOutcome['kind']) => Promise<void>;
}

/** One feed that one channel follows. */
async function open(backlog: readonly Entry[] = []): Promise<Bench> {
  await database.pool.query('truncate deliveries, subscriptions, feeds, posts cascade');
  number += 1;
  const url = `https://flood${String(number)}.example/`;
  const feed = await primedFeed(stores.feeds, url, backlog, NOW);
  const channel = { platform: 'console', workspaceId: 'console', channelId: `flood${String(number)}` } as const;
  await stores.subscriptions.add({ channel, target: { kind: 'feed', feedId: feed.id }, createdBy: 'test' }, NOW);
  await stores.channels.setPace(channel, { burst: null });
  const heard: Message[] = [];
  const posted = new Set<string>();
  return {
    feed,
    channel,
    heard,
    publish: async (entries, now = NOW) => {
      const stored = await stores.feeds.get(feed.id);
      if (!stored) throw new Error('the feed is not stored');
      const saved = await stores.feeds.saveDocument(stored, document(entries), () => goodPoll(now), now);
      return saved.sightings.length;
    },
    match: async (now = NOW) => {
      const { deliveries, subscriptions } = stores;
      const promises = matchSightings({ deliveries, subscriptions, topics: CATALOGUE, clock: () => now });
      while ((await promises.next()).done !== true);
    },
    send: async (now, answer = () => 'posted') => {
      const post = (_: ChannelRef, message: Message, key: { readonly id: string }): Promise<PostOutcome> => {
        const kind = answer(message);
        if (kind === 'unavailable') return Promise.resolve({ kind, detail: 'down' });
        heard.push(message);
        posted.add(key.id);
        return Promise.resolve(kind === 'unknown' ? { kind, detail: 'lost' } : { kind: 'posted', messageId: key.id });
      };
      const adapter = {
        platform: 'console' as const,
        routes: [],
        start: () => Promise.resolve(),
        stop: () => Promise.resolve(),
        post,
        edit: post as never,
        find: (_channel: ChannelRef, _message: Message, { id }: { readonly id: string }) =>
          Promise.resolve(posted.has(id) ? ({ kind: 'found', messageId: id } as const) : ({ kind: 'absent' } as const)),
      };
      const { deliveries } = stores;
      const sender = createSender({ deliveries, topics: CATALOGUE, clock: () => now, log: LOG }, adapter);
      await sender.wake();
    },
  };
}

const posts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    entry(`Post ${String(from + index)}`, { publishedAt: later(NOW, (from + index) * MINUTE_MS) }),
  );
const titles = (messages: readonly Message[]) =>
  messages.flatMap(({ title, lines }) => (lines.length > 0 ? lines.map((line) => line.title) : [title]));
const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `Post ${String(from + index)}`);

test('a flood is a digest of all but the newest three, then those, each post once and in order', async () => {
  const { publish, match, send, heard } = await open();
  expect(await publish(posts(23))).toBe(23);
  await match();
  await send(NOW);
  expect(heard.map(({ title, lines }) => [title, lines.length])).toEqual([
    ['23 new posts from A feed at once', 20],
    ['Post 20', 0],
    ['Post 21', 0],
    ['Post 22', 0],
  ]);
  expect(titles(heard)).toEqual(numbered(23));
  expect((await stores.statusOf.counts()).deliveries).toMatchObject({ sent: 4, digested: 20, pending: 0 });
});

test('what is usual for a feed is no flood, nor are five of a quiet one', async () => {
  const { publish, match, send, heard } = await open();
  await publish(posts(5));
  await publish(posts(15, 5));
  await match();
  await send(NOW);
  expect(heard).toHaveLength(20);
  await publish(posts(31, 20), later(NOW, 120 * MINUTE_MS));
  await match(later(NOW, 120 * MINUTE_MS));
  await send(later(NOW, 120 * MINUTE_MS));
  expect(heard.slice(20).map(({ lines }) => lines.length > 0)).toEqual(
    [true, true, false, false, false].slice(-(heard.length - 20)),
  );
  expect(titles(heard)).toEqual(numbered(51));
});

test('a very long flood takes several digests, which name every post once and in order', async () => {
  const { publish, match, send, heard } = await open();
  await publish(posts(300));
  await Promise.all([match(), match(), match()]);
  for (let hours = 0; hours < 4; hours += 1) await send(later(NOW, hours * 61 * MINUTE_MS));
  expect(titles(heard)).toEqual(numbered(300));
  expect(heard.length).toBeLessThan(30);
});

test('a post that a channel was promised before is not in the digest', async () => {
  const { channel, publish, match, send, heard } = await open();
  const other = await primedFeed(stores.feeds, 'https://other.example/', [], NOW);
  await stores.subscriptions.add({ channel, target: { kind: 'feed', feedId: other.id }, createdBy: 'test' }, NOW);
  const first = await stores.feeds.saveDocument(other, document(posts(2)), () => goodPoll(NOW), NOW);
  expect(first.sightings).toHaveLength(2);
  await match();
  await publish(posts(12));
  await match();
  await send(NOW);
  expect(titles(heard)).toEqual(numbered(12));
  expect(heard[2]?.title).toBe('10 new posts from A feed at once');
});

test('a digest whose answer is lost is looked for, and told once', async () => {
  const { publish, match, send, heard } = await open();
  await publish(posts(23));
  await match();
  await send(NOW, ({ lines }) => (lines.length > 0 ? 'unknown' : 'posted'));
  for (const minutes of [1, 2]) await send(later(NOW, minutes * MINUTE_MS));
  expect(titles(heard)).toEqual(numbered(23));
});

test('a digest that cannot be sent is sent later, whole', async () => {
  const { publish, match, send, heard } = await open();
  await publish(posts(23));
  await match();
  await send(NOW, () => 'unavailable');
  expect(heard).toEqual([]);
  await send(later(NOW, MINUTE_MS));
  expect(titles(heard)).toEqual(numbered(23));
});

test('the last message of a full hour names all that waits', async () => {
  const { channel, publish, match, send, heard } = await open();
  await stores.channels.setPace(channel, { perHour: 4 });
  for (const from of [0, 5]) {
    await publish(posts(5, from));
    await match();
  }
  await send(NOW);
  expect(heard.map(({ lines }) => lines.length)).toEqual([0, 0, 0, 7]);
  expect(titles(heard)).toEqual(numbered(10));
  expect(heard[3]?.summary).toContain('4 messages an hour');
});

test('what was tried before keeps its own message when the rest is folded', async () => {
  const { channel, publish, match, send, heard } = await open();
  await stores.channels.setPace(channel, { perHour: 1 });
  await publish(posts(1));
  await match();
  await send(NOW, () => 'unavailable');
  await publish(posts(4, 1));
  await match();
  await send(later(NOW, MINUTE_MS));
  expect(titles(heard).slice(0, 1)).toEqual(['Post 0']);
  await send(later(NOW, 62 * MINUTE_MS));
  expect(titles(heard)).toEqual(numbered(5));
  expect(heard).toHaveLength(2);
});

test('why says that a post is in a digest, and what became of it', async () => {
  const { publish, match, send } = await open();
  await publish(posts(23));
  await match();
  const state = async () => {
    const report = await stores.whyOf.why('https://blog.example/posts/post-3');
    return report.kind === 'stored' ? report.deliveries.map((one) => [one.state, one.inDigest]) : [];
  };
  expect(await state()).toEqual([['pending', true]]);
  await send(NOW);
  expect(await state()).toEqual([['sent', true]]);
});

test('a window that grew tells nothing of its past, but with the switch', async () => {
  const now = posts(1, 500);
  const { feed, publish } = await open(now);
  expect(await publish([...now, ...posts(40)])).toBe(0);
  const report = await stores.whyOf.why('https://blog.example/posts/post-3');
  expect(report).toMatchObject({ sightings: [{ fate: 'past' }] });
  await stores.feeds.set(feed.id, { announceOld: true });
  expect(await publish([...now, ...posts(90)])).toBe(50);
});

test('a back-dated entry is told, and so is the first of a feed that was empty', async () => {
  const empty = await open();
  expect(await empty.publish(posts(4))).toBe(4);
  const window = posts(5, 100);
  const { publish } = await open(window);
  expect(await publish([...window, ...posts(2)])).toBe(2);
  expect(await publish([...window, ...posts(4), ...posts(1, 600)])).toBe(3);
});

test('the backlog of an empty feed is over once it was read', async () => {
  const { feed } = await open();
  expect(feed.primedAt).not.toBeNull();
});
