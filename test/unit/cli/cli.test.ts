import { describe, expect, test } from '@jest/globals';
import { runCli } from '../../../src/cli/cli.js';
import type { CliIo, CliParts, CliSession } from '../../../src/cli/session.js';
import type { Pace } from '../../../src/deliveries/pace.js';
import type { FeedView } from '../../../src/feeds/feed-store.js';
import { memoryFeed } from '../../support/memory-stores.js';
import type { PolledNow } from '../../../src/feeds/poll-result.js';
import type { FeedId, PostId, SubscriptionId, TopicId } from '../../../src/ids.js';
import { ConfigError } from '../../../src/errors.js';
import { AT_ONCE } from '../../../src/subscriptions/schedule.js';
import type { SubscriptionView } from '../../../src/subscriptions/subscription-store.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const STATUS = {
  feeds: 2,
  posts: 40,
  deliveries: { pending: 1, sending: 0, unknown: 0, sent: 7, abandoned: 0, digested: 0, held: 0 },
  queue: 'the queue does not answer',
};

function feedAt(url: string, title: string | null, rest: Partial<FeedView> = {}): FeedView {
  return {
    ...memoryFeed(url, title),
    id: `id of ${url}` as FeedId,
    nextPollAt: new Date(NOW.getTime() + 3_600_000),
    lastPolledAt: new Date(NOW.getTime() - 60_000),
    primedAt: NOW,
    trouble: null,
    siteUrl: null,
    addedAt: NOW,
    identityMode: null,
    posts: 3,
    subscriptions: 1,
    ...rest,
  };
}

const FEEDS = [
  feedAt('https://a.example/feed', 'A feed'),
  feedAt('https://b.example/feed', null, { trouble: 'answers 404', failures: 3 }),
];

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  readonly opened: number;
  readonly closed: number;
  readonly subscriptions: readonly SubscriptionView[];
}

interface Setting {
  readonly io?: Partial<CliIo>;
  readonly parts?: Partial<CliParts>;
  readonly session?: Partial<CliSession>;
}

/** Runs one command on a session in memory. */
async function run(words: readonly string[], { io, parts, session }: Setting = {}): Promise<Ran> {
  const said = { out: '', err: '', opened: 0, closed: 0 };
  const subscriptions: SubscriptionView[] = [];
  const pace: Pace = { perHour: 20, burst: 5 };
  const inMemory: CliSession = {
    feeds: {
      list: () => Promise.resolve(FEEDS),
      byUrl: (url) => Promise.resolve(FEEDS.find((feed) => feed.url.href === url.href) ?? null),
      remove: () => Promise.resolve(),
      set: () => Promise.resolve(),
    },
    subscriptions: {
      add: ({ schedule = AT_ONCE, ...wish }, createdAt) => {
        const subscription = { id: 'new' as SubscriptionId, ...wish, createdAt, schedule };
        const fine = { channelTrouble: null, troubledSince: null, sentLast7Days: 0 };
        subscriptions.push({ ...subscription, feedUrl: null, feedTitle: null, ...fine });
        return Promise.resolve({ subscription, added: true, changed: false });
      },
      remove: () => Promise.resolve(true),
      list: () => Promise.resolve(subscriptions),
    },
    pauses: {
      pause: () => Promise.resolve(),
      resume: () => Promise.resolve(true),
      list: () => Promise.resolve([]),
    },
    deliveries: { held: () => Promise.resolve([]) },
    channels: {
      hoursOf: () => Promise.resolve({ timeZone: null, quiet: null }),
      setHours: () => Promise.resolve({ timeZone: null, quiet: null }),
    },
    posts: { search: () => Promise.resolve({ hits: [], more: false }) },
    samples: {
      recent: () => Promise.resolve({ posts: [], more: false, firstFollowedAt: null, lastFollowedAt: null }),
    },
    topics: [
      {
        id: 'routing-security' as TopicId,
        name: 'Routing security',
        summary: 'RPKI and leaks',
        query: { kind: 'term', words: ['rpki'] },
      },
    ],
    addFeed: () => Promise.resolve({ kind: 'failed', text: 'that is a web page', mayPass: false }),
    importFeeds: () => Promise.resolve({ kind: 'imported', added: FEEDS, already: 1, repeated: 0, skipped: [] }),
    previewFeed: () => Promise.resolve({ kind: 'failed', text: 'that is a web page', mayPass: false }),
    pollNow: () => Promise.resolve({ kind: 'polled', text: '12 entries', newPosts: 2 }),
    pollMany: async (ids, { onPolled }) => {
      for (const id of ids) onPolled(id, await { ...inMemory, ...session }.pollNow(id));
    },
    setPace: (_channel, wanted) => Promise.resolve({ ...pace, ...wanted }),
    setPublish: () => Promise.resolve(),
    status: () => Promise.resolve(STATUS),
    why: () => Promise.resolve({ kind: 'not-stored', hint: 'No feed has shown it.' }),
    clock: () => NOW,
    close: () => {
      said.closed += 1;
      return Promise.resolve();
    },
    ...session,
  };
  const exitCode = await runCli(
    {
      open: () => {
        said.opened += 1;
        return Promise.resolve(inMemory);
      },
      start: () => Promise.resolve(0),
      demo: () => Promise.resolve(0),
      ...parts,
    },
    {
      write: (text) => (said.out += text),
      writeError: (text) => (said.err += text),
      isTTY: false,
      columns: 10_000,
      colour: false,
      ask: () => Promise.resolve(null),
      interrupted: () => new AbortController().signal,
      ...io,
    },
    words,
  );
  return { exitCode, ...said, subscriptions };
}

describe('what makes no sense', () => {
  test.each([
    [['statsu'], 'Did you mean status?'],
    [['status', '--jsno'], 'Did you mean --json?'],
    [['feed', 'ad', 'https://a.example'], 'Did you mean add?'],
    [['feed', 'add'], "missing required argument 'url'"],
    [['feed', 'poll'], 'say which feed to poll, or --all'],
    [['feed', 'poll', 'https://a.example/feed', '--all'], 'say which feed to poll, or --all'],
    [['feed', 'poll', 'ftp://a.example'], 'is not a web address'],
    [['status', 'now'], 'too many arguments'],
    [['subscribe', 'news', '--everything'], '"news" is not a channel'],
    [['subscribe', 'console:news'], 'say one of --feed'],
    [['subscribe', 'console:news', '--everything', '--topic', 'x'], 'say one of --feed'],
    [['subscribe', 'console:news', '--everything', '--when', 'soon'], '--when does not take "soon"'],
    [['subscribe', 'console:news', '--query', 'bgp or ospf'], 'does not work yet'],
    [['subscribe', 'console:news', '--query', ''], 'Type a word or two'],
    [['channel', 'set', 'console:news'], 'say --per-hour'],
    [['channel', 'set', 'console:news', '--per-hour', '0'], '--per-hour does not take "0"'],
    [['channel', 'set', 'console:news', '--burst', 'many'], '--burst does not take "many"'],
    [['channel', 'set', 'console:news', '--publish', 'on'], '--publish is for announcement channels'],
    [['channel', 'set', 'console:news', '--publish', 'maybe'], '--publish does not take "maybe"'],
    [['why'], "missing required argument 'post'"],
    [['search', 'bgp', '--pgae', '2'], 'Did you mean --page?'],
    [['search', '-bgp'], 'Add a word to look for'],
  ])('%j: one line that says so, exit code 64, and the database is not opened', async (words, says) => {
    const { exitCode, out, err, opened } = await run(words);
    expect({ exitCode, out, opened }).toStrictEqual({ exitCode: 64, out: '', opened: 0 });
    expect(err).toContain(says);
    expect(err).toMatch(/^tidings: [^\n]+\n$/);
  });
});

describe('what goes wrong', () => {
  test('every problem of the configuration has its line, exit code 78', async () => {
    const open = (): Promise<never> => Promise.reject(new ConfigError(['PORT is not a port.', 'HOST is not one.']));
    const { exitCode, err } = await run(['status'], { parts: { open } });
    expect([exitCode, err]).toStrictEqual([78, 'tidings: PORT is not a port.\ntidings: HOST is not one.\n']);
  });

  test('a database that does not answer is told without a stack, exit code 69', async () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const { exitCode, err } = await run(['status'], { parts: { open: () => Promise.reject(refused) } });
    expect(exitCode).toBe(69);
    expect(err).toMatch(/^tidings: [^\n]*DATABASE_URL[^\n]*\n$/);
  });

  test('a bug is told with its stack, exit code 70, and the session is closed', async () => {
    const bug = new TypeError('x is not a function');
    const { exitCode, err, closed } = await run(['status'], { session: { status: () => Promise.reject(bug) } });
    expect([exitCode, closed]).toStrictEqual([70, 1]);
    expect(err).toContain('cli.test');
  });

  test.each([
    [['feed', 'add', 'https://a.example'], 'that is a web page'],
    [['feed', 'poll', 'https://c.example/feed'], 'tidings feed add https://c.example/feed'],
    [['feed', 'import', '/nowhere/feeds.opml'], 'cannot be read (ENOENT)'],
    [['subscribe', 'console:news', '--feed', 'https://c.example/feed'], 'no feed is followed at'],
    [['subscribe', 'console:news', '--topic', 'routing-securty'], 'Did you mean routing-security?'],
    [['unsubscribe', 'console:news', '--everything'], 'has no such subscription'],
    [['why', 'https://a.example/post'], 'No feed has shown it.'],
    [['why', 'a', 'route', 'leak'], 'No feed has shown it.'],
  ])('%j: what is not there is told in one line, exit code 65', async (words, says) => {
    const { exitCode, err } = await run(words);
    expect(exitCode).toBe(65);
    expect(err).toContain(says);
    expect(err).toMatch(/^tidings: [^\n]+\n$/);
  });

  test('a feed that may answer later is exit code 69', async () => {
    const pollNow = (): Promise<PolledNow> =>
      Promise.resolve({ kind: 'failed', text: 'timed out after 30 s', mayPass: true });
    const one = await run(['feed', 'poll', 'https://a.example/feed'], { session: { pollNow } });
    const all = await run(['feed', 'poll', '--all'], { session: { pollNow } });
    expect([one.exitCode, all.exitCode]).toStrictEqual([69, 69]);
    expect(one.err).toBe('tidings: timed out after 30 s\n');
  });

  test('one broken feed among others is no failure of polling them all', async () => {
    const pollNow = (id: FeedId): Promise<PolledNow> =>
      Promise.resolve(
        id === FEEDS[0]?.id
          ? { kind: 'polled', text: 'unchanged', newPosts: 0 }
          : { kind: 'failed', text: 'answered 404', mayPass: false },
      );
    const { exitCode, out } = await run(['feed', 'poll', '--all'], { session: { pollNow } });
    expect(exitCode).toBe(0);
    expect(out).toBe(
      '1/2 A feed: unchanged\n2/2 https://b.example/feed: answered 404\n1 feed polled, 0 new posts, 1 failed.\n',
    );
  });
});

describe('what is asked', () => {
  test('the bot shows messages for people, or as JSON when asked', async () => {
    const asked: boolean[] = [];
    const start = ({ json }: { readonly json: boolean }) => Promise.resolve(asked.push(json) - asked.length);
    await run(['start'], { parts: { start } });
    await run(['start', '--json'], { parts: { start } });
    expect(asked).toEqual([false, true]);
  });

  test('nothing said starts the bot, and its exit code is ours', async () => {
    const { exitCode } = await run([], { parts: { start: () => Promise.resolve(7) } });
    expect(exitCode).toBe(7);
  });

  test('the demo gets its options', async () => {
    const seen: unknown[] = [];
    const demo: CliParts['demo'] = (options) => {
      seen.push(options);
      return Promise.resolve(0);
    };
    await run(['demo', '--feeds', 'rec', '--only', 'a, b,', '--keep'], { parts: { demo } });
    await run(['demo'], { parts: { demo } });
    expect(seen).toStrictEqual([
      { keep: true, json: false, feedsDir: 'rec', only: ['a', 'b'] },
      { keep: false, json: false, feedsDir: null, only: null },
    ]);
  });

  test('status --json prints the names scripts rely on, in order', async () => {
    const { out } = await run(['status', '--json']);
    expect(JSON.stringify(JSON.parse(out))).toBe(JSON.stringify(STATUS));
  });

  test('a subscription is made for the channel and target that were named', async () => {
    const { out, subscriptions, closed } = await run(['subscribe', 'slack:T1/C2', '--topic', 'Routing Security']);
    expect(subscriptions).toMatchObject([
      {
        channel: { platform: 'slack', workspaceId: 'T1', channelId: 'C2' },
        target: { kind: 'topic', topicId: 'routing-security' },
        createdBy: 'cli',
      },
    ]);
    const unread = 'There are no posts yet: nothing of it has been read so far.';
    expect([out, closed]).toStrictEqual([`slack:T1/C2 now hears of: Topic: Routing security\n${unread}\n`, 1]);
  });

  test('channel set changes what is given and keeps the rest', async () => {
    const { out } = await run(['channel', 'set', 'console:news', '--per-hour', 'none', '--json']);
    expect(JSON.parse(out)).toStrictEqual({ channel: 'console:news', perHour: null, burst: 5 });
  });

  test('channel set says whether messages are published', async () => {
    const channel = 'discord:300000000000000001/200000000000000005';
    const { out } = await run(['channel', 'set', channel, '--publish', 'on']);
    expect(out).toContain('Its messages are published to its followers.');
  });

  test('a minus word of a search is a word', async () => {
    const asked: string[] = [];
    const posts: CliSession['posts'] = {
      search: (words) => {
        asked.push(words);
        return Promise.resolve({ hits: [], more: false });
      },
    };
    await run(['search', 'bgp', '-huawei', '"route leak"'], { session: { posts } });
    expect(asked).toStrictEqual(['bgp "route leak" -huawei']);
  });

  test('search shows the title, link, source and age', async () => {
    const post = {
      id: 'p' as PostId,
      title: 'BGP\u001b[31m leak',
      url: new URL('https://a.example/1'),
      author: null,
      text: '',
      tags: [],
      imageUrl: null,
      publishedAt: new Date('2026-02-27T12:00:00Z'),
      firstSeenAt: NOW,
    };
    const posts: CliSession['posts'] = {
      search: () => Promise.resolve({ hits: [{ post, source: 'A feed' }], more: true }),
    };
    const { out } = await run(['search', 'bgp'], { session: { posts } });
    expect(out).toBe(
      "BGP [31m leak\n  https://a.example/1\n  A feed · 2 d ago\n\nMore: tidings search --page 2 'bgp'\n",
    );
  });

  test('import polls what is new, and JSON output is one document', async () => {
    const { out, exitCode } = await run(['feed', 'import', 'package.json', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ already: 1, polled: [{ kind: 'polled' }, { kind: 'polled' }] });
  });

  test('a table is as wide as it needs when piped, and fits the terminal otherwise', async () => {
    const piped = await run(['feed', 'list']);
    const shown = await run(['feed', 'list'], { io: { isTTY: true, columns: 70 } });
    expect(piped.out).toContain('answers 404 (3 failures in a row)');
    expect(Math.max(...shown.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
  });

  test('help names every environment variable and exit code', async () => {
    const { out, exitCode } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const name of ['DATABASE_URL', 'TIDINGS_ALLOW_HOSTS', 'SLACK_STATE_SECRET', 'DISCORD_API_URL', '  78  ']) {
      expect(out).toContain(name);
    }
  });
});
