import { describe, expect, test } from '@jest/globals';
import type { SubscriptionView } from '../../../src/subscriptions/subscription-store.js';
import {
  buttonsOf,
  linesOf,
  openBench,
  textOf,
  topic,
  TOPICS,
  type CommandBench,
} from '../../support/command-bench.js';
import { memoryFeed } from '../../support/memory-stores.js';

const feeds = [memoryFeed('https://blog.example.org/feed', 'Example blog')];

async function openWith(...what: string[]): Promise<CommandBench> {
  const bench = openBench({ feeds });
  for (const each of what) await bench.give(`subscribe ${each}`);
  return bench;
}

const kept = ({ world }: CommandBench) => world.subscriptions.map(({ target }) => target.kind);

describe('subscriptions', () => {
  test('numbers what the channel is told of, since when and by whom', async () => {
    const bench = await openWith('bgp', 'https://blog.example.org/feed', 'route leak');
    await bench.give('subscribe everything', { caller: { ...bench.caller, id: 'cli' } });
    const reply = await bench.give('subscriptions');
    expect(linesOf(reply)).toEqual([
      'This channel is told of',
      'No messages in the last 7 days.',
      '1. Topic: BGP — since 4 Mar 2026, by you',
      '2. Feed: Example blog — since 4 Mar 2026, by you',
      '3. Words: route leak — since 4 Mar 2026, by you',
      '4. Everything — since 4 Mar 2026, by the operator',
      'To stop one, by its number:',
      '/tidings unsubscribe 1',
    ]);
    expect(reply.lines[3]).toMatchObject({ url: new URL('https://blog.example.org/feed') });
  });

  test('an empty list says how to begin', async () => {
    expect(linesOf(await openBench().give('subscriptions'))).toContain('/tidings subscribe bgp');
  });

  test('a button removes what it stands beside, even after the numbers moved up', async () => {
    const bench = await openWith('bgp', 'route leak', 'everything');
    const buttons = buttonsOf(await bench.give('subscriptions'));
    await bench.give(buttons['Stop 1'] ?? '');
    await bench.give(buttons['Stop 2'] ?? '');
    expect(kept(bench)).toEqual(['everything']);
  });

  test('ten stand on a page and numbers run on; who may not manage the channel gets no buttons to stop them', async () => {
    const bench = await openWith(...Array.from({ length: 12 }, (_, index) => `word${String(index)}`));
    const second = await bench.give('subscriptions page:2');
    expect(linesOf(second)).toContain('11. Words: word10 — since 4 Mar 2026, by you');
    expect(Object.keys(buttonsOf(second))).toEqual(['Stop 11', 'Stop 12', '◀ Previous']);
    expect(linesOf(await bench.give('subscriptions page:7'))).toEqual(linesOf(second));
    const reader = await bench.give('subscriptions', { caller: { ...bench.caller, mayManage: false } });
    expect(buttonsOf(reader)).toEqual({ 'Next ▶': 'subscriptions page:2' });
  });

  test.each([
    ['not-a-member', 'slack', 'Invite the bot'],
    ['not-allowed', 'discord', 'View Channel, Send Messages and Embed Links'],
    ['channel-gone', 'slack', 'archived or gone'],
    ['bad-credentials', 'slack', 'install it again'],
    ['something new', 'console', 'The reason: something new.'],
  ] as const)('trouble of the kind %s on %s says what to do', async (channelTrouble, platform, advice) => {
    const bench = await openWith('bgp');
    const channel = { ...bench.channel, platform };
    const troubled = bench.world.subscriptions.map((each): SubscriptionView => ({ ...each, channel, channelTrouble }));
    bench.world.subscriptions.splice(0, 1, ...troubled);
    expect(textOf(await bench.give('subscriptions', { channel }))).toContain(advice);
  });

  test.each([
    [1, '1 message in the last 7 days.'],
    [12, '12 messages in the last 7 days.'],
  ])('%s messages of the last week are counted', async (sentLast7Days, line) => {
    const bench = await openWith('bgp');
    bench.world.subscriptions.splice(0, 1, ...bench.world.subscriptions.map((each) => ({ ...each, sentLast7Days })));
    expect(linesOf(await bench.give('subscriptions'))).toContain(line);
  });
});

describe('unsubscribe', () => {
  test.each([
    ['2', ['topic', 'query', 'everything']],
    ['#1', ['feed', 'query', 'everything']],
    ['BGP', ['feed', 'query', 'everything']],
    ['Example blog', ['topic', 'query', 'everything']],
    ['HTTPS://blog.example.org/feed', ['topic', 'query', 'everything']],
    ['“route  leak”', ['topic', 'feed', 'everything']],
    ['everything', ['topic', 'feed', 'query']],
  ])('%s', async (what, left) => {
    const bench = await openWith('bgp', 'https://blog.example.org/feed', '"route leak"', 'everything');
    expect(textOf(await bench.give(`unsubscribe ${what}`))).toContain('Stopped.');
    expect(kept(bench)).toEqual(left);
  });

  test('says how to have it back, and that works', async () => {
    for (const what of ['bgp', 'https://blog.example.org/feed', '"route leak"', 'everything']) {
      const bench = await openWith(what);
      const before = kept(bench);
      const back = linesOf(await bench.give('unsubscribe 1'))[1];
      await bench.give(back?.replace('/tidings ', '') ?? '');
      expect(kept(bench)).toEqual(before);
    }
  });

  test.each([
    ['route leaks', 'Did you mean', '/tidings unsubscribe route leak'],
    ['9', 'has no subscription "9"', '/tidings subscriptions'],
    ['0', 'has no subscription "0"', '/tidings subscriptions'],
    ['ospf', 'has no subscription "ospf"', '/tidings subscriptions'],
  ])('%s is not there: the reply says what is', async (what, why, advice) => {
    const bench = await openWith('bgp', 'route leak');
    const reply = await bench.give(`unsubscribe ${what}`);
    expect(textOf(reply)).toContain(why);
    expect(linesOf(reply)).toContain(advice);
    expect(kept(bench)).toHaveLength(2);
  });

  test("another channel's subscription is out of reach, even by its id", async () => {
    const bench = await openWith('bgp');
    const id = bench.world.subscriptions[0]?.id ?? '';
    const channel = { ...bench.channel, workspaceId: 'T2' };
    expect(textOf(await bench.give(`unsubscribe ${id}`, { channel }))).toContain('nothing to stop');
    await bench.give('subscribe labs', { channel });
    await bench.give(`unsubscribe ${id}`, { channel });
    expect(kept(bench)).toEqual(['topic', 'topic']);
  });

  test('is refused to who may not manage the channel', async () => {
    const bench = await openWith('bgp');
    const caller = { ...bench.caller, mayManage: false };
    expect(textOf(await bench.give('unsubscribe bgp', { caller }))).toContain('You cannot change');
    expect(kept(bench)).toEqual(['topic']);
  });
});

describe('topics', () => {
  test('shows each by name with its summary, and how to subscribe', async () => {
    const lines = linesOf(await openBench().give('topics'));
    expect(lines).toEqual(expect.arrayContaining(TOPICS.map(({ name, summary }) => `${name} — ${summary}`)));
    expect(lines).toContain('/tidings subscribe bgp');
  });

  test('ten stand on a page', async () => {
    const many = Array.from({ length: 23 }, (_, index) => topic(`t${String(index)}`, `Topic ${String(index)}`));
    const { give } = openBench({}, many);
    expect(buttonsOf(await give('topics'))).toEqual({ 'Next ▶': 'topics page:2' });
    const last = await give('topics page:3');
    expect(last.lines.filter(({ kind }) => kind === 'item')).toHaveLength(3);
    expect(buttonsOf(last)).toEqual({ '◀ Previous': 'topics page:2' });
  });

  test('an empty catalogue says what else there is', async () => {
    expect(linesOf(await openBench({}, []).give('topics'))).toContain('/tidings subscribe bgp leak');
  });
});
