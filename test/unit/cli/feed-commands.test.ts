import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runCli } from '../../../src/cli/cli.js';
import { CliError } from '../../../src/cli/exit.js';
import { readSelection } from '../../../src/cli/selection.js';
import type { CliIo, CliSession } from '../../../src/cli/session.js';
import { readEvery } from '../../../src/cli/typed.js';
import type { FeedSettings } from '../../../src/feeds/feed.js';
import type { FeedView } from '../../../src/feeds/feed-store.js';
import type { AddFeedResult } from '../../../src/feeds/poll-result.js';
import type { FeedPreview } from '../../../src/feeds/preview-feed.js';
import { memoryFeed } from '../../support/memory-stores.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const HOUR_MS = 3_600_000;
const PAGE = new URL('https://a.example/');
const CANDIDATES = ['news', 'jobs', 'gone'].map((name) => ({
  url: new URL(name, PAGE),
  title: name === 'gone' ? null : name,
  format: null,
}));

function view(rest: Partial<FeedView> = {}): FeedView {
  const base = {
    trouble: null,
    siteUrl: null,
    addedAt: NOW,
    identityMode: 'guid' as const,
    posts: 3,
    subscriptions: 2,
  };
  return { ...memoryFeed('https://a.example/feed', 'A'), lastPolledAt: NOW, ...base, ...rest };
}

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Addresses that were added, removed feeds, settings: what was done, in order. */
  readonly done: readonly unknown[];
}

interface Setting {
  readonly answer?: string;
  readonly feeds?: readonly FeedView[];
  readonly preview?: FeedPreview;
}

/** Runs one command on a world in memory, where `https://a.example/` has three feeds, one of them broken. */
async function run(words: readonly string[], { answer, feeds = [view()], preview }: Setting = {}): Promise<Ran> {
  const said = { out: '', err: '' };
  const done: unknown[] = [];
  const addFeed = (address: string): Promise<AddFeedResult> => {
    if (address === PAGE.href) return Promise.resolve({ kind: 'choose', page: PAGE, candidates: CANDIDATES });
    if (address.endsWith('/gone'))
      return Promise.resolve({ kind: 'failed', text: `${address} answered 404`, mayPass: false });
    done.push(address);
    return Promise.resolve({ kind: 'added', feed: memoryFeed(address, null), entries: 4 });
  };
  const session: Partial<CliSession> = {
    addFeed,
    previewFeed: () => Promise.resolve(preview ?? { kind: 'choose', page: PAGE, candidates: CANDIDATES }),
    feeds: {
      list: () => Promise.resolve([...feeds]),
      byUrl: (url) => Promise.resolve(feeds.find((feed) => feed.url.href === url.href) ?? null),
      remove: (id) => Promise.resolve(void done.push(id)),
      set: (_id, settings: Partial<FeedSettings>) => Promise.resolve(void done.push(settings)),
    },
    clock: () => NOW,
    close: () => Promise.resolve(),
  };
  const io: CliIo = {
    write: (text) => (said.out += text),
    writeError: (text) => (said.err += text),
    isTTY: answer !== undefined,
    columns: 10_000,
    colour: false,
    ask: () => Promise.resolve(answer ?? null),
    interrupted: () => new AbortController().signal,
  };
  const parts = {
    open: () => Promise.resolve(session as CliSession),
    start: () => Promise.resolve(0),
    demo: () => Promise.resolve(0),
  };
  const exitCode = await runCli(parts, io, words);
  return { exitCode, ...said, done };
}

describe('a page of several feeds', () => {
  test('without a terminal none is followed, and the commands to follow each are there; exit code 65', async () => {
    const { exitCode, err, done } = await run(['feed', 'add', PAGE.href]);
    expect([exitCode, done]).toStrictEqual([65, []]);
    expect(err).toBe(
      [
        'tidings: https://a.example/ has 3 feeds. Add one of these, or all of them with --all:',
        '  tidings feed add https://a.example/news   (news)',
        '  tidings feed add https://a.example/jobs   (jobs)',
        '  tidings feed add https://a.example/gone\n',
      ].join('\n'),
    );
  });

  test('as JSON the candidates are one document, also at a terminal', async () => {
    const { exitCode, out } = await run(['feed', 'add', PAGE.href, '--json'], { answer: 'all' });
    expect(exitCode).toBe(65);
    expect(JSON.parse(out)).toMatchObject({ kind: 'choose', candidates: [{ title: 'news' }, {}, {}] });
  });

  test.each([
    ['2', ['https://a.example/jobs']],
    ['1,2', ['https://a.example/news', 'https://a.example/jobs']],
    ['', []],
  ])('a person who answers "%s" follows just that', async (answer, done) => {
    expect(await run(['feed', 'add', PAGE.href], { answer })).toMatchObject({ exitCode: 0, done, err: '' });
  });

  test('one that cannot be read is told of and holds up no other', async () => {
    const { exitCode, out, err, done } = await run(['feed', 'add', PAGE.href, '--all']);
    expect([exitCode, done]).toStrictEqual([0, ['https://a.example/news', 'https://a.example/jobs']]);
    expect(out).toBe(
      'Following https://a.example/news (4 entries stored, none announced).\n' +
        'Following https://a.example/jobs (4 entries stored, none announced).\n',
    );
    expect(err).toBe('tidings: https://a.example/gone answered 404\n');
    expect(await run(['feed', 'add', PAGE.href], { answer: '3' })).toMatchObject({ exitCode: 65 });
  });

  test.each([
    ['2-3', ['b', 'c']],
    ['3, 1', ['a', 'c']],
    [' all ', ['a', 'b', 'c']],
    ['none', []],
  ])('"%s" of three', (typed, chosen) => {
    expect(readSelection(typed, ['a', 'b', 'c'])).toStrictEqual(chosen);
  });

  test.each(['0', '4', '2-9', 'x', '1;2', '-1'])('"%s" is none of three', (typed) => {
    expect(() => readSelection(typed, ['a', 'b', 'c'])).toThrow(CliError);
  });
});

describe('how a feed is polled', () => {
  test.each([
    ['15m', 900_000],
    ['5 min', 300_000],
    ['6h', 6 * HOUR_MS],
    ['24 hours', 24 * HOUR_MS],
    ['1d', 24 * HOUR_MS],
    ['auto', null],
  ])('every %s', (typed, ms) => {
    expect(readEvery(typed)).toBe(ms);
  });

  test.each(['4m', '25h', '2d', '0', 'often', '', '15'])('not every "%s"', (typed) => {
    expect(() => readEvery(typed)).toThrow('--every does not take');
  });

  test('what is given is set, in any spelling of the address', async () => {
    const words = [
      'feed',
      'set',
      'a.example/feed/',
      '--every',
      '15m',
      '--insecure-tls',
      'on',
      '--page-pictures',
      'off',
    ];
    const { exitCode, done } = await run(words);
    expect([exitCode, done]).toStrictEqual([0, [{ everyMs: 900_000, verifyTls: false, pagePictures: false }]]);
  });

  test.each([
    [[], 'say --every'],
    [['--insecure-tls', 'yes'], '--insecure-tls does not take "yes"'],
    [['--every', '1m'], '--every does not take "1m"'],
  ])('%j is refused', async (options, says) => {
    const { exitCode, err, done } = await run(['feed', 'set', 'a.example/feed', ...options]);
    expect([exitCode, done]).toStrictEqual([64, []]);
    expect(err).toContain(says);
  });
});

test('removing a feed says what stays and what ends', async () => {
  const { out, done } = await run(['feed', 'remove', 'http://a.example/feed']);
  expect(out).toBe(
    'No longer following A (https://a.example/feed). Its 3 posts stay and are still found by search. 2 subscriptions to it ended.\n',
  );
  expect(done).toHaveLength(1);
  expect(await run(['feed', 'remove', 'b.example'])).toMatchObject({ exitCode: 65, done: [] });
});

test.each(['x', 'ftp://a.example/', 'mailto:me@a.example', 'https://me:secret@a.example/'])(
  '%s is no address, and no password is repeated; exit code 64',
  async (typed) => {
    for (const command of ['add', 'remove', 'set', 'preview', 'poll']) {
      const { exitCode, err } = await run(['feed', command, typed]);
      expect(exitCode).toBe(64);
      expect(err).toMatch(/^tidings: (?!.*secret)[^\n]+\n$/);
    }
  },
);

test('the list tells of gaps, pushes and what was set', async () => {
  const settings = {
    everyMs: 1.5 * HOUR_MS,
    verifyTls: false,
    pagePictures: false,
    announceOld: false,
    repostUpdates: false,
  };
  const feed = view({
    gapAt: new Date(NOW.getTime() - HOUR_MS),
    pushedUntil: new Date(NOW.getTime() + HOUR_MS),
    settings,
  });
  const { out } = await run(['feed', 'list'], { feeds: [feed] });
  expect(out).toContain(
    'ok; its hub pushes what is new; may have missed entries 1 h ago; set to every 1 h 30 min; TLS not verified',
  );
});

test('the feeds are exported to standard output or a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-export-'));
  const file = join(folder, 'feeds.opml');
  const shown = await run(['feed', 'export']);
  const written = await run(['feed', 'export', file]);
  expect(shown.out).toContain('xmlUrl="https://a.example/feed"');
  expect(written.out).toBe(`1 feed written to ${file}.\n`);
  expect(await readFile(file, 'utf8')).toBe(shown.out);
  expect(await run(['feed', 'export', folder])).toMatchObject({ exitCode: 65 });
  await rm(folder, { recursive: true });
});

test('a preview shows entries, their pictures and what is wrong', async () => {
  const preview: FeedPreview = {
    kind: 'preview',
    url: new URL('https://a.example/feed'),
    title: 'A\u001b[2J feed',
    siteUrl: PAGE,
    entries: 1,
    newest: [
      {
        ...{ guid: null, author: null, updatedAt: null, tags: [], text: 'Some words.', title: 'One' },
        link: new URL('https://a.example/1'),
        publishedAt: new Date(NOW.getTime() - HOUR_MS),
        imageUrl: new URL('https://a.example/1.png'),
      },
    ],
    problems: ['it breaks off'],
  };
  const { out } = await run(['feed', 'preview', 'a.example'], { preview });
  expect(out).toBe(`A [2J feed
  https://a.example/feed · https://a.example/ · 1 entry
  ! it breaks off

One
  2026-03-01 11:00 (1 h ago)
  https://a.example/1
  Some words.
  Picture: https://a.example/1.png

To follow it: tidings feed add https://a.example/feed
`);
  expect(await run(['feed', 'preview', 'a.example'])).toMatchObject({ exitCode: 65 });
});
