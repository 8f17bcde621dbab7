import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChannelRef } from '../../src/chat/channel.js';
import { runCli } from '../../src/cli/cli.js';
import type { CliIo, CliParts, CliSession } from '../../src/cli/session.js';
import { later } from '../../src/clock.js';
import { afterAttempt } from '../../src/deliveries/delivery.js';
import { matchSightings } from '../../src/deliveries/match-sightings.js';
import type { WhyReport } from '../../src/deliveries/why.js';
import type { Feed } from '../../src/feeds/feed.js';
import type { Entry } from '../../src/posts/post.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { claimAll } from '../support/deliveries.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const MINUTE_MS = 60_000;
const channel: ChannelRef = { platform: 'console', workspaceId: 'console', channelId: 'news' };
const story = entry('A route leak in Ruritania');
const copy = {
  ...story,
  guid: 'copy-7',
  link: new URL('http://blog.example/posts/a-route-leak-in-ruritania/?utm_source=b'),
};
let database: TestDatabase;
let stores: Stores;
let feed: Feed;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate feeds, posts, channels cascade');
  feed = await primedFeed(stores.feeds, 'https://a.example/feed', [], NOW);
  await stores.subscriptions.add({ channel, target: { kind: 'query', text: 'leak' }, createdBy: 'test' }, NOW);
});

function show(entries: readonly Entry[], minute: number, of = feed): Promise<unknown> {
  const now = later(NOW, minute * MINUTE_MS);
  const title = of === feed ? 'A blog' : 'B news';
  return stores.feeds.saveDocument(of, { ...document(entries), title }, () => goodPoll(now), now);
}

async function match(minute: number): Promise<void> {
  const deps = { ...stores, topics: [], clock: () => later(NOW, minute * MINUTE_MS) };
  for await (const promised of matchSightings(deps)) expect(promised.length).toBeLessThan(9);
}

async function send(minute: number): Promise<void> {
  const now = later(NOW, minute * MINUTE_MS);
  const { claimed: all } = await claimAll(stores.deliveries, now);
  for (const claimed of all) {
    const posted = { kind: 'posted', messageId: 'm' } as const;
    await stores.deliveries.record(claimed, afterAttempt(claimed.delivery, posted, now), now);
  }
}

/** What a person reads, and the exit code. */
async function typed(...words: readonly string[]): Promise<string> {
  let text = '';
  const write = (some: string): void => {
    text += some;
  };
  const io = { write, writeError: write, isTTY: false, columns: 80, colour: false } as unknown as CliIo;
  const session = {
    why: (asked: string) => stores.whyOf.why(asked),
    clock: () => later(NOW, 60 * MINUTE_MS),
    close: () => Promise.resolve(),
  } as unknown as CliSession;
  await runCli({ open: () => Promise.resolve(session) } as unknown as CliParts, io, ['why', ...words]);
  return text;
}

async function titleOf(asked: string): Promise<string> {
  const report: WhyReport = await stores.whyOf.why(asked);
  return report.kind === 'stored' ? report.post.title : report.kind;
}

test('why tells every decision about a post in order, with its reason and its time', async () => {
  const other = await primedFeed(stores.feeds, 'https://b.example/feed', [], NOW);
  await show([story, { ...story }], 1);
  await match(2);
  await send(3);
  await show([copy], 10, other);
  await match(11);
  await show([{ ...story, title: 'A route leak in Elbonia' }], 20);
  await show([{ ...story, title: 'A route leak in Elbonia', guid: 'rebuilt' }], 30);
  const was = '"A route leak in Ruritania"';
  const signs = 'they have one link, and titles or words that agree';
  expect(await typed('https://blog.example/posts/a-route-leak-in-ruritania')).toBe(
    [
      'A route leak in Elbonia',
      'https://blog.example/posts/a-route-leak-in-ruritania',
      'First seen 59 min ago (2026-03-02T00:01:00Z).',
      '',
      'What was decided',
      '  59 min ago (2026-03-02T00:01:00Z)  A blog: new, and from no other feed; whoever wants it is told',
      '  58 min ago (2026-03-02T00:02:00Z)  A blog: wanted by 1 channel',
      `  50 min ago (2026-03-02T00:10:00Z)  B news: new here, but the article that A blog had brought, for ${signs}; whoever wants it is told`,
      '  49 min ago (2026-03-02T00:11:00Z)  B news: wanted by 1 channel, of which 1 had been promised it before',
      `  40 min ago (2026-03-02T00:20:00Z)  A blog: edited the title, which was ${was}; known by its guid and link`,
      '  30 min ago (2026-03-02T00:30:00Z)  A blog: came under a new guid or link; not told again, for it was known by its link, and a title, text or date that agrees',
      '',
      'Told',
      '  console:news: sent 57 min ago (2026-03-02T00:03:00Z), tried 1 time; it follows the words leak',
      'What was sent before 40 min ago (2026-03-02T00:20:00Z) was to be edited, for it lacked the other feed and the new title.',
      '',
    ].join('\n'),
  );
});

describe('a post is found', () => {
  test('by any link and guid under which any feed ever showed it', async () => {
    await show([story], 1);
    const renamed = { ...story, link: new URL('https://blog.example/2026/leak'), title: 'A route leak in Elbonia' };
    await show([renamed], 2);
    await show([{ ...renamed, guid: 'rebuilt' }], 3);
    for (const asked of ['http://www.blog.example/', 'https://blog.example/2027/leak', 'tag:blog.example,2026:other']) {
      expect([asked, await titleOf(asked)]).toEqual([asked, 'not-stored']);
    }
    const names = [
      story.link?.href,
      `${story.link?.href ?? ''}/?utm_source=x`,
      renamed.link.href,
      story.guid,
      'rebuilt',
    ];
    for (const asked of names) expect([asked, await titleOf(asked ?? '')]).toEqual([asked, renamed.title]);
  });

  test('by words, best first, and what else was found is named', async () => {
    await show([story, entry('Another leak, of memory')], 1);
    expect(await typed('route', 'leak')).toMatch(/^A route leak in Ruritania\n[^]*\nAlso found\n {2}Another leak/);
    expect(await typed('nonsense')).toMatch(/^tidings: Not stored\. /);
  });

  test('by its link when its feed was removed, which is said', async () => {
    await show([story], 1);
    await match(2);
    await send(3);
    await stores.feeds.remove(feed.id);
    const text = await typed(`${story.link?.href ?? ''}/?utm_source=x`);
    expect(text).toMatch(/No feed that carried it is followed any more/);
    expect(text).toMatch(/console:news: sent 57 min ago .*; it follows the words leak/);
  });
});

test('a backlog, an entry nobody wants and one stored before reasons were kept say what is known', async () => {
  await primedFeed(stores.feeds, 'https://b.example/feed', [story], NOW);
  expect(await typed(story.guid ?? '')).toMatch(/first document[^]*Told to nobody: what a feed shows of its past/);
  const dull = entry('Nothing happens');
  await show([dull], 1);
  expect(await typed(dull.guid ?? '')).toMatch(/waits to be matched/);
  await match(2);
  expect(await typed(dull.guid ?? '')).toMatch(/wanted by no subscription/);
  await database.pool.query('update sightings set decision = null');
  expect(await typed(dull.guid ?? '')).toMatch(/new, and from no other feed[^]*matched with subscriptions/);
});
