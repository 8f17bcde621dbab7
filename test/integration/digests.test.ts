import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createStages } from '../../jobs/stages.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { Message } from '../../src/chat/message.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { later } from '../../src/clock.js';
import { matchSightings } from '../../src/deliveries/match-sightings.js';
import { releaseDue } from '../../src/deliveries/release-due.js';
import { createSender } from '../../src/deliveries/sender.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import type { Schedule, When } from '../../src/subscriptions/schedule.js';
import type { Target } from '../../src/subscriptions/subscription.js';
import { CATALOGUE } from '../../src/topics/catalogue.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:10:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CHANNEL = { platform: 'console', workspaceId: 'console', channelId: 'digests' } as const;
const DAILY: Schedule = { when: { kind: 'daily', minute: 510 }, timeZone: 'UTC' };
const SLOT = new Date('2026-03-02T08:30:00Z');
let database: TestDatabase;
let stores: Stores;
let heard: { readonly message: Message; readonly at: Date; readonly id: string }[] = [];
let feeds = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(() => reset());

async function reset(): Promise<void> {
  heard = [];
  await database.pool.query('truncate deliveries, subscriptions, channels, feeds, posts cascade');
}

const subscribe = (schedule?: Schedule, target: Target = { kind: 'everything' }) =>
  stores.subscriptions.add({ channel: CHANNEL, target, createdBy: 'test', schedule }, NOW);
const unpaced = () => stores.channels.setPace(CHANNEL, { perHour: null, burst: null });

/** Publishes posts in a feed of their own and matches them. */
async function publish(titles: readonly string[], now = NOW): Promise<void> {
  feeds += 1;
  const feed = await primedFeed(stores.feeds, `https://d${String(feeds)}.example/`, [], now);
  const entries = titles.map((title, index) => entry(title, { publishedAt: later(now, (index - 500) * MINUTE_MS) }));
  await stores.feeds.saveDocument(feed, document(entries), () => goodPoll(now), now);
  await match(now);
}

async function match(now: Date): Promise<void> {
  const promises = matchSightings({ ...stores, topics: CATALOGUE, clock: () => now });
  while ((await promises.next()).done !== true);
}

async function release(now: Date): Promise<number> {
  let made = 0;
  for await (const ids of releaseDue({ ...stores, topics: CATALOGUE, clock: () => now })) made += ids.length;
  return made;
}

type Answer = (message: Message) => PostOutcome['kind'];

async function send(now: Date, answer: Answer = () => 'posted'): Promise<void> {
  const adapter = {
    platform: 'console' as const,
    routes: [],
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    edit: () => Promise.resolve({ kind: 'posted', messageId: '' } as const),
    find: () => Promise.resolve({ kind: 'absent' } as const),
    post: (_: ChannelRef, message: Message, { id }: { readonly id: string }): Promise<PostOutcome> => {
      if (answer(message) !== 'posted') return Promise.resolve({ kind: 'unavailable', detail: 'down' });
      heard.push({ message, at: now, id });
      return Promise.resolve({ kind: 'posted', messageId: id });
    },
  };
  const sender = createSender({ ...stores, topics: CATALOGUE, clock: () => now, log: silentLog }, adapter);
  await sender.wake();
}

async function all(now: Date, answer?: Answer): Promise<void> {
  await release(now);
  await send(now, answer);
}

const named = () =>
  heard.flatMap(({ message }) =>
    message.lines.length > 0 ? message.lines.map(({ title }) => title) : [message.title],
  );
const numbered = (count: number, word = 'Post') => Array.from({ length: count }, (_, n) => `${word} ${String(n)}`);

test('a daily digest holds what came until its time, in one message, newest first', async () => {
  await subscribe(DAILY);
  await publish(numbered(4));
  await all(later(SLOT, -1));
  expect(heard).toEqual([]);
  expect(await stores.deliveries.nextDueAt(['console'])).toEqual(SLOT);
  await all(SLOT);
  expect(heard.map(({ message }) => message.title)).toEqual(['4 new posts']);
  expect(named()).toEqual(['Post 3', 'Post 2', 'Post 1', 'Post 0']);
});

test('what is held back keeps nothing waiting that is told at once', async () => {
  await subscribe(DAILY);
  await publish(numbered(2));
  await subscribe(undefined, { kind: 'query', text: 'urgent' });
  await publish(['An urgent matter']);
  await all(NOW);
  expect(named()).toEqual(['An urgent matter']);
});

test('one post alone is a message, not a digest', async () => {
  await subscribe(DAILY);
  await publish(['Alone']);
  await all(SLOT);
  expect(heard.map(({ message }) => [message.title, message.lines])).toEqual([['Alone', []]]);
});

test('one post alone that waited a week is tried again when its first attempt fails', async () => {
  await subscribe({ when: { kind: 'weekly', weekday: 1, minute: 10 }, timeZone: 'UTC' });
  await publish(['Alone']);
  const week = later(NOW, 7 * 24 * HOUR_MS);
  await all(week, () => 'unavailable');
  await all(later(week, HOUR_MS));
  expect(named()).toEqual(['Alone']);
});

test('what waits for a digest goes out once another feed shows it to one who wants it at once', async () => {
  await subscribe(DAILY, { kind: 'query', text: 'alpha' });
  const story = 'An alpha story that two feeds tell in the same words';
  await publish([story, 'Another alpha story']);
  await subscribe(undefined, { kind: 'everything' });
  await publish([story]);
  await all(NOW);
  expect(named()).toEqual([story]);
  await all(SLOT);
  expect(named()).toEqual([story, 'Another alpha story']);
});

test('300 posts of a day are split over messages, each named once; half-way failure goes on where it was', async () => {
  await unpaced();
  await subscribe(DAILY);
  for (let from = 0; from < 300; from += 100) await publish(numbered(100, `Batch ${String(from)}`));
  let left = 4;
  await all(SLOT, () => (left-- > 0 ? 'posted' : 'unavailable'));
  expect(heard).toHaveLength(4);
  for (let hour = 1; hour < 3; hour += 1) await all(later(SLOT, hour * HOUR_MS));
  expect(named()).toHaveLength(300);
  expect(new Set(named()).size).toBe(300);
  const [head, ...parts] = heard;
  expect(parts.every(({ message }) => message.continues === head?.id)).toBe(true);
  expect(heard.map(({ message }) => message.title)).toEqual(
    heard.map((_, n) => `300 new posts (${String(n + 1)} of ${String(heard.length)})`),
  );
});

test('parts of a digest wait for an earlier one that stepped aside; other posts do not', async () => {
  await unpaced();
  await subscribe(DAILY);
  await publish(numbered(100));
  await release(SLOT);
  await subscribe({ when: { kind: 'at-once' }, timeZone: 'UTC' }, { kind: 'query', text: 'urgent' });
  await publish(['An urgent matter'], SLOT);
  await database.pool.query(
    `update deliveries set aside = true, first_tried_at = $1, due_at = case when continues is null then $2::timestamptz else $3 end
      where notice ->> 'title' similar to '%\\((1|2) of %'`,
    [SLOT, later(SLOT, HOUR_MS), later(SLOT, 2 * HOUR_MS)],
  );
  await send(SLOT);
  expect(named()).toEqual(['An urgent matter']);
  await send(later(SLOT, HOUR_MS));
  expect(heard).toHaveLength(2);
  await send(later(SLOT, 2 * HOUR_MS));
  expect(named()).toHaveLength(101);
  const [, head, ...parts] = heard;
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.every(({ message }) => message.continues === head?.id)).toBe(true);
  const titles = heard.slice(1).map(({ message }) => message.title);
  expect(titles).toEqual(titles.map((_, n) => `100 new posts (${String(n + 1)} of ${String(titles.length)})`));
});

test('many at once, and a step that dies half-way, make the digest once', async () => {
  await subscribe(DAILY);
  await publish(numbered(5));
  const [id] = await stores.deliveries.slotsDue(SLOT, 1);
  if (!id) throw new Error('nothing is due');
  await database.pool.query(`create function die() returns trigger language plpgsql as
    $$ begin if new.state = 'digested' then raise 'died'; end if; return new; end $$`);
  await database.pool.query('create trigger die before update on deliveries for each row execute function die()');
  await expect(release(SLOT)).rejects.toThrow('died');
  await database.pool.query('drop function die cascade');
  expect((await stores.statusOf.counts()).deliveries).toMatchObject({ held: 5, pending: 0 });
  expect((await Promise.all([1, 2, 3].map(() => release(SLOT)))).reduce((a, b) => a + b)).toBe(1);
  await send(SLOT);
  expect([...named()].sort()).toEqual(numbered(5));
});

test('a sighting that cannot be matched keeps no digest waiting', async () => {
  await subscribe(DAILY);
  await publish(numbered(2));
  const never = (): never => {
    throw new Error('nothing is polled');
  };
  const stages = createStages({
    ...stores,
    deliveries: { ...stores.deliveries, unmatched: () => Promise.reject(new Error('it cannot be matched')) },
    ...{ fetchFeed: never, parseFeed: never, adapters: new Map(), topics: CATALOGUE, random: () => 0, log: silentLog },
    clock: () => SLOT,
  });
  const run = async (): Promise<void> => {
    const rings = stages.match.run('');
    while ((await rings[Symbol.asyncIterator]().next()).done !== true);
  };
  await expect(run()).rejects.toThrow('it cannot be matched');
  await send(SLOT);
  expect([...named()].sort()).toEqual(numbered(2));
});

test('a digest is by topic, each post under one, with its heading once', async () => {
  await subscribe(DAILY);
  await publish(['Plain words', 'BGP one', 'DNS and BGP', 'DNS two']);
  await all(SLOT);
  const lines = heard[0]?.message.lines.map(({ title, heading }) => [heading ?? '', title]);
  expect(lines).toEqual([
    ['BGP', 'DNS and BGP'],
    ['', 'BGP one'],
    ['DNS', 'DNS two'],
    ['Other', 'Plain words'],
  ]);
});

const night = { from: 22 * 60, to: 7 * 60 };
const MIDNIGHT = new Date('2026-03-28T23:00:00Z');
const MORNING = new Date('2026-03-29T05:00:00Z');

test('what falls due in quiet hours comes as one digest when they end, also when the clocks change', async () => {
  await stores.channels.setHours(CHANNEL, { timeZone: 'Europe/Berlin', quiet: night });
  await subscribe();
  await publish(numbered(3), MIDNIGHT);
  await all(MIDNIGHT);
  await publish(['Late'], later(MIDNIGHT, HOUR_MS));
  await all(later(MIDNIGHT, HOUR_MS));
  expect(heard).toEqual([]);
  expect(await stores.deliveries.nextDueAt(['console'])).toEqual(MORNING);
  await all(later(MORNING, -1));
  expect(heard).toEqual([]);
  await all(MORNING);
  expect(heard).toHaveLength(1);
  expect([...named()].sort()).toEqual(['Late', ...numbered(3)]);
});

test('a digest whose time lies in quiet hours comes when they end', async () => {
  await stores.channels.setHours(CHANNEL, { timeZone: 'UTC', quiet: { from: 22 * 60, to: 9 * 60 } });
  await subscribe(DAILY);
  await publish(numbered(3));
  await all(SLOT);
  expect(heard).toEqual([]);
  await all(later(SLOT, 30 * MINUTE_MS));
  expect(heard).toHaveLength(1);
});

test('why says for which digest a post waits', async () => {
  await subscribe(DAILY);
  await publish(numbered(2));
  const report = await stores.whyOf.why('Post 1');
  expect(report.kind === 'stored' && report.deliveries[0]).toMatchObject({ state: 'held', dueAt: SLOT });
});

const when = fc.oneof(
  fc.constantFrom<When>({ kind: 'at-once' }, { kind: 'hourly' }),
  fc.record({ kind: fc.constant('daily' as const), minute: fc.nat(1439) }),
  fc.record({ kind: fc.constant('weekly' as const), weekday: fc.integer({ min: 1, max: 7 }), minute: fc.nat(1439) }),
);
const timeZone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe');

test('whatever the schedules, hours and times, each promised post is told exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ when, timeZone }), { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 40 })), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.boolean(),
      async (schedules, steps, isQuiet) => {
        await reset();
        await unpaced();
        if (isQuiet) await stores.channels.setHours(CHANNEL, { timeZone: 'Europe/Berlin', quiet: night });
        const words: Target[] = [{ kind: 'everything' }, { kind: 'query', text: 'post' }, { kind: 'query', text: '1' }];
        for (const [index, schedule] of schedules.entries()) await subscribe(schedule, words[index]);
        let now = NOW;
        const wanted: string[] = [];
        for (const [step, [count, hours]] of steps.entries()) {
          const titles = numbered(count, `Post ${String(step)}`);
          wanted.push(...titles);
          await publish(titles, now);
          await all(now);
          now = later(now, hours * HOUR_MS);
          await all(now);
        }
        for (let days = 0; days < 9; days += 1) {
          for (const hour of [0, 8, 16]) await all(later(now, days * 24 * HOUR_MS + hour * HOUR_MS));
        }
        expect([...named()].sort()).toEqual(wanted.sort());
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);
