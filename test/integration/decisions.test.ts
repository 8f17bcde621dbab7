import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ChannelRef } from '../../src/chat/channel.js';
import { later } from '../../src/clock.js';
import { matchSightings } from '../../src/deliveries/match-sightings.js';
import type { Feed } from '../../src/feeds/feed.js';
import type { SavedPoll } from '../../src/feeds/feed-store.js';
import type { Entry } from '../../src/posts/post.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const HOUR_MS = 3_600_000;
const channel: ChannelRef = { platform: 'console', workspaceId: 'console', channelId: 'c' };
const story = entry('A route leak in Ruritania');
let database: TestDatabase;
let stores: Stores;
let feed: Feed;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate posts, channels, entry_events, amendments cascade');
  feed = await newFeed();
});

function newFeed(backlog: readonly Entry[] = []): Promise<Feed> {
  number += 1;
  return primedFeed(stores.feeds, `https://f${String(number)}.example/`, backlog, NOW);
}

function show(entries: readonly Entry[], afterMs = 0, of = feed): Promise<SavedPoll> {
  const now = later(NOW, afterMs);
  return stores.feeds.saveDocument(of, document(entries), () => goodPoll(now), now);
}

async function match(): Promise<void> {
  const deps = { ...stores, topics: [], clock: () => NOW };
  for await (const promised of matchSightings(deps)) expect(promised.length).toBeLessThan(9);
}

/** Everybody wants it: the story is announced. */
async function announce(): Promise<void> {
  await stores.subscriptions.add({ channel, target: { kind: 'everything' }, createdBy: 'test' }, NOW);
  await show([story]);
  await match();
}

async function events(): Promise<object[]> {
  const { rows } = await database.pool.query<{ times: number; detail: object }>(
    'select times, detail from entry_events order by id',
  );
  return rows.map(({ times, detail }) => ({ times, ...detail }));
}

async function amendments(): Promise<object[]> {
  return (await database.pool.query<{ kinds: string[]; at: Date }>('select kinds, at from amendments')).rows;
}

describe('an edit is recorded', () => {
  test('with what changed, what it was before, and by what the entry was known', async () => {
    await show([story]);
    const moved = new URL('https://blog.example/leak');
    await show([{ ...story, title: 'A big route leak in Ruritania', link: moved, text: 'More.' }], HOUR_MS);
    const formerLink = story.link?.href;
    expect(await events()).toEqual([
      {
        kind: 'edited',
        times: 1,
        changed: ['title', 'link', 'text'],
        formerTitle: story.title,
        formerLink,
        by: 'guid',
      },
    ]);
  });

  test('when only the picture changes', async () => {
    await show([story]);
    await show([{ ...story, imageUrl: new URL('https://img.example/leak.png') }]);
    expect(await events()).toEqual([{ kind: 'edited', times: 1, changed: ['picture'], by: 'guid+link' }]);
    await show([{ ...story, imageUrl: null }]);
    expect(await events()).toHaveLength(2);
  });

  test('not for a date, a count or a tracking parameter', async () => {
    await show([{ ...story, text: `${story.text} 3 comments` }]);
    const link = new URL(`${story.link?.href ?? ''}?utm_source=rss`);
    await show([{ ...story, text: `${story.text} 12 comments`, link, publishedAt: later(NOW, HOUR_MS) }]);
    expect(await events()).toEqual([]);
  });

  test('not for an entry that stays as it is, in whatever order the document lists it', async () => {
    const other = entry('Something else altogether');
    await show([story, other]);
    await show([other, story], HOUR_MS);
    expect(await events()).toEqual([]);
  });

  test('at most 24 times: the first, and the latest', async () => {
    await show([story]);
    for (let edit = 1; edit <= 30; edit += 1)
      await show([{ ...story, title: `${story.title}, ${'again '.repeat(edit)}` }]);
    const kept = (await events()) as { formerTitle: string }[];
    expect(kept).toHaveLength(24);
    expect(kept[0]?.formerTitle).toBe(story.title);
    expect(kept.at(-1)?.formerTitle).toBe(`${story.title}, ${'again '.repeat(29)}`);
  });

  test('of an entry from before there were fingerprints, by its title', async () => {
    await show([story]);
    await database.pool.query('update sightings set fingerprint = null');
    await show([{ ...story, title: 'A route leak in Elbonia', text: 'Other words.' }]);
    expect(await events()).toMatchObject([{ kind: 'edited', changed: ['title'] }]);
  });
});

test('a publisher that renames its entries at each build leaves one line that counts', async () => {
  await show([story]);
  for (const build of ['1', '2', '3']) await show([{ ...story, guid: `build-${build}` }]);
  expect(await events()).toEqual([{ kind: 'renamed', times: 3, by: 'link' }]);
});

test('an entry that stands twice in a document, under two new guids, is stored as ever', async () => {
  await show([story]);
  await show([
    { ...story, guid: 'one' },
    { ...story, guid: 'two', author: 'B. Writer' },
  ]);
  expect(await events()).toEqual([{ kind: 'renamed', times: 1, by: 'link' }]);
});

test('whatever a publisher does to few entries, each document is stored, and no entry has more than 25 lines', async () => {
  const few = fc.constantFrom('1', '2', '3');
  const some = fc.record({ guid: few, link: few, title: few, text: few });
  await announce();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(some, { maxLength: 6 }), { maxLength: 4 }), async (documents) => {
      for (const shown of documents) {
        const link = (name: string): URL => new URL(`https://blog.example/${name}`);
        await show(
          shown.map((one) => entry(`A tale of ${one.title}`, { ...one, title: one.title, link: link(one.link) })),
        );
        await match();
      }
    }),
    { numRuns: 40 },
  );
  const most = await database.pool.query('select from entry_events group by sighting_id having count(*) > 25');
  expect(most.rowCount).toBe(0);
});

describe('the messages that were sent are to be amended', () => {
  test('when the title changes within two days: once for a post, with the latest time', async () => {
    await announce();
    await show([{ ...story, title: 'A route leak in Elbonia' }], HOUR_MS);
    expect(await amendments()).toEqual([{ kinds: ['title'], at: later(NOW, HOUR_MS) }]);
    const link = new URL('https://blog.example/leak');
    await show([{ ...story, title: 'A route leak in Elbonia', link }], 2 * HOUR_MS);
    expect(await amendments()).toEqual([{ kinds: ['link', 'title'], at: later(NOW, 2 * HOUR_MS) }]);
  });

  test('when another feed brings the same article', async () => {
    await announce();
    await show([{ ...story, guid: 'elsewhere' }], HOUR_MS, await newFeed());
    expect(await amendments()).toEqual([{ kinds: ['also-in'], at: later(NOW, HOUR_MS) }]);
  });

  test('but not later, nor for a text, nor for a post that nobody was promised', async () => {
    await announce();
    await show([{ ...story, text: 'Other words.' }], HOUR_MS);
    await show([{ ...story, title: 'A route leak in Elbonia' }], 49 * HOUR_MS);
    expect(await amendments()).toEqual([]);

    const unwanted = entry('What nobody asked for');
    await database.pool.query('truncate subscriptions');
    await show([unwanted]);
    await match();
    await show([{ ...unwanted, title: 'What nobody asked for at all' }]);
    expect(await amendments()).toEqual([]);
  });

  test('and what a copy in another feed calls it changes nothing', async () => {
    await announce();
    const other = await newFeed();
    const copy = { ...story, guid: 'elsewhere' };
    await show([copy], 0, other);
    await database.pool.query('truncate amendments');
    await show([{ ...copy, title: 'Ruritania: a route leak' }], HOUR_MS, other);
    expect(await events()).toMatchObject([{ kind: 'edited' }]);
    expect(await amendments()).toEqual([]);
  });
});
