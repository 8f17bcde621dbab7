import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Reply } from '../../src/chat/command.js';
import { runCli } from '../../src/cli/cli.js';
import type { CliIo, CliParts, CliSession } from '../../src/cli/session.js';
import { later } from '../../src/clock.js';
import { createOnCommand } from '../../src/commands/run-command.js';
import { takeSample, type Sample } from '../../src/deliveries/sample.js';
import type { Feed } from '../../src/feeds/feed.js';
import type { Entry } from '../../src/posts/post.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import type { Target } from '../../src/subscriptions/subscription.js';
import { linesOf, TOPICS } from '../support/command-bench.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-29T00:00:00Z');
const DAY_MS = 86_400_000;
const daysAgo = (days: number): Date => later(NOW, -days * DAY_MS);
const EVERYTHING: Target = { kind: 'everything' };
let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query('truncate feeds, posts, channels cascade'));

/** An entry of its own text, so that no two are one article. */
function dated(title: string, daysBefore: number, over: Partial<Entry> = {}): Entry {
  return entry(title, { publishedAt: daysAgo(daysBefore), ...over });
}

const follow = (name: string, days: number, backlog: readonly Entry[]): Promise<Feed> =>
  primedFeed(stores.feeds, `https://${name}.example/feed`, backlog, daysAgo(days));

async function show(feed: Feed, entries: readonly Entry[], daysBefore: number): Promise<void> {
  const now = daysAgo(daysBefore);
  const shown = { ...document(entries), title: `Feed of ${feed.url.host}` };
  await stores.feeds.saveDocument(feed, shown, () => goodPoll(now), now);
}

const sampleOf = (target: Target): Promise<Sample> => takeSample({ ...stores, topics: TOPICS }, target, NOW);
const titlesOf = ({ newest }: Sample): string[] => newest.map(({ post }) => post.title);

const typed = (words: string): Promise<Reply> => {
  const onCommand = createOnCommand({ ...stores, topics: TOPICS, clock: () => NOW });
  const channel = { platform: 'slack', workspaceId: 'T1', channelId: 'C1' } as const;
  const caller = { id: 'U1', name: 'ann', mayManage: true };
  return onCommand({ name: 'subscribe', options: { what: words }, channel, caller });
};

async function cli(...words: readonly string[]): Promise<string> {
  let text = '';
  const write = (some: string): void => {
    text += some;
  };
  const io = { write, writeError: write, isTTY: false, columns: 80, colour: false } as unknown as CliIo;
  const session = { ...stores, topics: TOPICS, clock: () => NOW, close: () => Promise.resolve() };
  const parts = { open: () => Promise.resolve(session as unknown as CliSession) } as unknown as CliParts;
  await runCli(parts, io, ['subscribe', 'console:news', ...words]);
  return text;
}

describe('the sample of a subscription', () => {
  test('to a feed is its newest three, of its backlog too; the figure is of what arrived alone', async () => {
    const feed = await follow('a', 14, [dated('First', 30), dated('Second', 20), dated('Third', 15)]);
    await follow('b', 14, [dated('Of another', 14.5)]);
    const target: Target = { kind: 'feed', feedId: feed.id };
    expect([titlesOf(await sampleOf(target)), (await sampleOf(target)).weekly]).toEqual([
      ['Third', 'Second', 'First'],
      { kind: 'measured', perWeek: 0, precision: 'about', overMs: 14 * DAY_MS },
    ]);
    await show(feed, [dated('Fourth', 10)], 10);
    await show(feed, [dated('Fifth', 3)], 3);
    const { weekly, ...sample } = await sampleOf(target);
    expect(titlesOf({ weekly, ...sample })).toEqual(['Fifth', 'Fourth', 'Third']);
    expect(sample.newest.map(({ source }) => source)).toContain('Feed of a.example');
    expect(weekly).toMatchObject({ perWeek: expect.closeTo(1), precision: 'about' });
  });

  test('to a topic, to words and to everything is what each would have brought, from any feed', async () => {
    const feed = await follow('a', 28, [dated('Bread', 30)]);
    await follow('b', 28, [dated('Wine', 29, { text: 'Nothing of bgp, but of a route.' })]);
    await show(feed, [dated('A leak of BGP', 2), dated('Cisco on BGP', 1)], 1);
    const query = { kind: 'query', text: 'bgp -cisco' } as const;
    expect(titlesOf(await sampleOf({ kind: 'topic', topicId: TOPICS[0]?.id ?? ('' as never) }))).toEqual([
      'Cisco on BGP',
      'A leak of BGP',
      'Wine',
    ]);
    expect(titlesOf(await sampleOf(query))).toEqual(['A leak of BGP', 'Wine']);
    expect(titlesOf(await sampleOf(EVERYTHING))).toEqual(['Cisco on BGP', 'A leak of BGP', 'Wine']);
    expect((await sampleOf(query)).weekly).toMatchObject({ perWeek: expect.closeTo(1 / 4) });
  });

  test('names an article once that two feeds brought, and it counts once, as it was told once', async () => {
    const text = 'One and the same long story about the great leak of routes in Ruritania, word for word.';
    const one = dated('A leak in Ruritania', 2, { text });
    const [a, b] = [await follow('a', 7, []), await follow('b', 7, [])];
    await show(a, [one], 2);
    await show(b, [one], 1);
    for (const target of [EVERYTHING, { kind: 'feed', feedId: b.id } as const]) {
      const sample = await sampleOf(target);
      expect(titlesOf(sample)).toEqual(['A leak in Ruritania']);
      expect(sample.weekly).toMatchObject({ perWeek: expect.closeTo(1) });
    }
  });

  test('has no date of the future first, and none that is unread', async () => {
    const feed = await follow('a', 7, [dated('Undated', 0, { publishedAt: null }), dated('Of the future', -900)]);
    await show(feed, [dated('Today', 0)], 0);
    expect(titlesOf(await sampleOf(EVERYTHING))[0]).toBe('Today');
  });

  test('leaves out what no feed shows any more', async () => {
    const feed = await follow('a', 7, [dated('Gone', 8)]);
    await stores.feeds.remove(feed.id);
    expect(await sampleOf(EVERYTHING)).toEqual({ newest: [], weekly: { kind: 'unread' } });
  });

  test('looks at the newest 500, and goes by the time that they span', async () => {
    const feed = await follow('a', 40, []);
    const many = Array.from({ length: 600 }, (_, index) => dated(`Post ${String(index)} of many`, 10 - index / 60));
    for (let from = 0; from < 600; from += 60) await show(feed, many.slice(0, from + 60), 10 - (from + 60) / 60);
    const sample = await sampleOf(EVERYTHING);
    expect(titlesOf(sample)[0]).toBe('Post 599 of many');
    const { weekly } = sample;
    expect(weekly).toMatchObject({ kind: 'measured', precision: 'about' });
    if (weekly.kind !== 'measured') return;
    expect(weekly.perWeek).toBeCloseTo(420, -1);
    expect(weekly.overMs / DAY_MS).toBeCloseTo(8.35, 1);
  });
});

describe('who subscribes is shown it', () => {
  test('in the answer alone: nothing is promised, and the channel has heard of nothing', async () => {
    await follow('a', 14, [dated('Bread', 15), dated('A leak of BGP', 14.5)]);
    expect(linesOf(await typed('bgp'))).toEqual(
      expect.arrayContaining([
        'The newest that would have been sent:',
        'A leak of BGP — A feed · 14 Mar 2026',
        'None came in the last 14 days.',
      ]),
    );
    expect((await database.pool.query('select from deliveries')).rowCount).toBe(0);
    expect(await stores.deliveries.unmatched(NOW, 10)).toEqual([]);
  });

  test('kindly, when the feed has not been read yet', async () => {
    await stores.feeds.add([{ url: new URL('https://new.example/feed'), title: null }], NOW, NOW);
    expect(linesOf(await typed('https://new.example/feed'))[1]).toBe(
      'There are no posts yet: nothing of it has been read so far.',
    );
  });

  test('on the command line, where no title moves the cursor', async () => {
    const feed = await follow('a', 14, [dated('Bread', 15), dated('A \u001b[2Jleak\nof\u202e BGP', 14.5)]);
    await show(feed, [dated('New', 0.5)], 0.5);
    expect(await cli('--everything')).toBe(
      [
        'console:news now hears of: Everything',
        'The newest that would have been sent:',
        '  New',
        '    Feed of a.example · 12 h ago · https://blog.example/posts/new',
        '  A  [2Jleak of  BGP',
        '    Feed of a.example · 14 d ago · https://blog.example/posts/a-2jleak-of-bgp',
        '  Bread',
        '    Feed of a.example · 15 d ago · https://blog.example/posts/bread',
        'Expect less than one post a week, going by the last 14 days.',
        '',
      ].join('\n'),
    );
  });

  test('and as JSON', async () => {
    await follow('a', 14, [dated('Bread', 15)]);
    expect(JSON.parse(await cli('--everything', '--json'))).toMatchObject({
      added: true,
      sample: {
        posts: [{ title: 'Bread', url: 'https://blog.example/posts/bread', source: 'A feed' }],
        perWeek: 0,
        precision: 'about',
        overMs: 14 * DAY_MS,
      },
    });
  });
});
