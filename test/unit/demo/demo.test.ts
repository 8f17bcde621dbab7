import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runDemo, type DemoOptions } from '../../../src/demo/demo.js';
import { createScriptedDemoBot, type ScriptedDemoBot } from '../../support/scripted-demo-bot.js';

const HOUR_S = 3_600;
const START_S = Date.UTC(2026, 2, 2, 6) / 1000;
const rss = (...titles: readonly string[]): string =>
  `<rss>${titles.map((title) => `<title>${title}</title>`).join('')}</rss>`;

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidings-demo-test-'));
  const documents = [
    [`a/0000-${String(START_S)}.xml`, rss('old')],
    [`a/0001-${String(START_S + HOUR_S)}.xml`, rss('old', 'one', 'two', 'three')],
    [`a/0002-${String(START_S + 3 * HOUR_S)}.xml`, rss('old', 'one', 'two', 'three', 'four')],
    [`b/0000-${String(START_S + 2 * HOUR_S)}.xml`, rss('older')],
    [`b/0001-${String(START_S + 4 * HOUR_S)}.xml`, '<rss><title>half'],
    [`b/0002-${String(START_S + 5 * HOUR_S)}.xml`, rss('older', 'four', 'five')],
  ] as const;
  for (const [path, text] of documents) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
});
afterAll(() => rm(dir, { recursive: true }));

interface Played {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly diary: readonly string[];
}

async function played(
  options: Partial<DemoOptions>,
  isTTY = false,
  signal = new AbortController().signal,
): Promise<Played> {
  let [out, err] = ['', ''];
  const bots: ScriptedDemoBot[] = [];
  const code = await runDemo(
    { feedsDir: dir, only: null, keep: false, json: false, ...options },
    {
      startBot: (settings) => {
        settings.onProgress('Starting the database');
        const bot = createScriptedDemoBot(settings, 45 * 60_000);
        bots.push(bot);
        return Promise.resolve(bot);
      },
      io: { write: (text) => void (out += text), writeError: (text) => void (err += text), isTTY, columns: 80 },
      clock: () => new Date(0),
      signal,
    },
  );
  return { code, out, err, diary: bots[0]?.diary() ?? [] };
}

const MESSAGES = [
  '2026-03-02T07:00 one',
  '2026-03-02T07:45 two',
  '2026-03-02T08:30 three',
  '2026-03-02T09:15 four',
  '2026-03-02T11:00 five',
];

describe('the demo', () => {
  test('polls each document at its own time, in the order of time, and adds a feed when its recording begins', async () => {
    const { code, diary } = await played({});
    expect(code).toBe(0);
    expect(diary).toEqual([
      '2026-03-02T06:00 subscribe console:noc everything',
      '2026-03-02T06:00 add /a.xml',
      '2026-03-02T06:00 poll /a.xml',
      '2026-03-02T07:00 poll /a.xml',
      '2026-03-02T08:00 add /b.xml',
      '2026-03-02T08:00 poll /b.xml',
      '2026-03-02T09:00 poll /a.xml',
      '2026-03-02T10:00 poll /b.xml',
      '2026-03-02T11:00 poll /b.xml',
      '2026-03-02T11:00 stop',
    ]);
  });

  test('lets time pass for deliveries that wait their turn, between the polls too', async () => {
    const { out } = await played({});
    expect(out.split('\n').filter((line) => line.startsWith('2026'))).toEqual(MESSAGES);
  });

  test('says what was backlog, what could not be read, what was known, and sums it up', async () => {
    const { out, err } = await played({});
    expect(out).toContain('· 2026-03-02 06:00 a: backlog of 1 post stored, none announced\n');
    expect(out).toContain('· 2026-03-02 10:00 b: breaks off; nothing is lost, the next poll tries again\n');
    expect(out).toContain('· 2026-03-02 11:00 b: 1 post that another feed had first: known, not told again\n');
    expect(out.slice(out.indexOf('feed  polls'))).toBe(
      [
        'feed  polls  backlog  announced  rebuilt  elsewhere  unread',
        'a         3        1          4        0          0       0',
        'b         3        1          1        0          1       1',
        '',
        '7 unique posts in 2 feeds: 2 backlog, 5 announced.',
        '14 entries in 6 polls, 0 of them answered "not modified".',
        'Repeats withheld: 0 of a rebuilt site, 1 of a story another feed had, 6 unchanged.',
        'Documents that could not be read: 1.',
        'Deliveries: 5 sent, 0 pending.',
        '0 days of feeds in 0.0 s.',
        '',
      ].join('\n'),
    );
    expect(out).toContain('none announced\n\n2026-03-02T07:00 one\n2026-03-02T07:45 two\n');
    expect(err).toBe('');
  });

  test('with --json says nothing but the messages and one last object', async () => {
    const { out } = await played({ json: true });
    const lines = out.trimEnd().split('\n');
    expect(lines.slice(0, -1)).toEqual(MESSAGES);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      summary: {
        feeds: 2,
        polls: 6,
        entries: 14,
        uniquePosts: 7,
        backlog: 2,
        announced: 5,
        repeatsWithheld: { rebuiltSite: 0, otherFeed: 1, unchanged: 6 },
        unreadableDocuments: 1,
        deliveries: { pending: 0, sending: 0, unknown: 0, sent: 5, digested: 0, held: 0, abandoned: 0 },
        virtualDays: 0,
        tookMs: 0,
      },
    });
  });

  test('on a terminal keeps one line of progress and leaves none behind', async () => {
    const { err } = await played({}, true);
    expect(err).toContain('Starting the database');
    expect(err).toContain('6/6 2026-03-02 11:00 b');
    expect(err).not.toContain('\n');
    expect(err.endsWith('\r\u001b[2K')).toBe(true);
  });

  test('with --keep says where it is and runs until it is stopped', async () => {
    const stopper = new AbortController();
    let done = false;
    const playing = played({ keep: true }, false, stopper.signal).finally(() => {
      done = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(done).toBe(false);
    stopper.abort();
    const { code, out, diary } = await playing;
    expect(code).toBe(0);
    expect(out).toMatch(/Still running\. Nowhere\.\nThe feeds:\n {2}http:\/\/127\.0\.0\.1:\d+\/a\.xml\n/);
    expect(out).toContain('Press Ctrl-C to stop.');
    expect(diary.at(-1)).toContain('stop');
  });

  test('stops early when it is told to, and still sums up', async () => {
    const { code, out, diary } = await played({}, false, AbortSignal.abort());
    expect(code).toBe(130);
    expect(diary.at(-1)).toContain('stop');
    expect(out).toContain('0 unique posts in 0 feeds');
  });

  test('with the bundled feeds, a second channel hears of one topic', async () => {
    const { diary } = await played({ feedsDir: null, only: ['quiet-cable'], json: true });
    expect(diary.slice(0, 2)).toEqual([
      '2026-03-02T06:25 subscribe console:noc everything',
      '2026-03-02T06:25 subscribe console:bgp topic',
    ]);
  });
});
