import { describe, expect, test } from '@jest/globals';
import { buttonsOf, linesOf, openBench, textOf } from '../../support/command-bench.js';
import { memoryFeed } from '../../support/memory-stores.js';

const feeds = [memoryFeed('https://blog.example.org/feed', 'Example blog'), memoryFeed('http://old.example.org/rss/')];
const BLOG = feeds[0]?.id;
const OLD = feeds[1]?.id;

describe('subscribe', () => {
  test.each([
    ['bgp', { kind: 'topic', topicId: 'bgp' }],
    ['Routing  SECURITY', { kind: 'topic', topicId: 'routing-security' }],
    ['datacenters', { kind: 'topic', topicId: 'data-center' }],
    ['data-center when:now', { kind: 'topic', topicId: 'data-center' }],
    ['https://blog.example.org/feed', { kind: 'feed', feedId: BLOG }],
    ['http://blog.example.org/feed/', { kind: 'feed', feedId: BLOG }],
    ['blog.example.org/feed', { kind: 'feed', feedId: BLOG }],
    ['https://old.example.org/rss', { kind: 'feed', feedId: OLD }],
    ['Everything', { kind: 'everything' }],
    ['all', { kind: 'everything' }],
    ['"bgp"', { kind: 'query', text: '"bgp"' }],
    ['“everything” –else', { kind: 'query', text: '"everything" -else' }],
    ['bgp  leak', { kind: 'query', text: 'bgp leak' }],
    ['node.js', { kind: 'query', text: 'node.js' }],
  ])('to %s', async (what, target) => {
    const { give, world } = openBench({ feeds });
    const reply = await give(`subscribe ${what}`);
    expect(world.subscriptions).toMatchObject([{ target, createdBy: 'U1' }]);
    expect(textOf(reply)).toContain('From now on');
  });

  test.each([
    ['bgp', 'the topic "BGP"', 'unsubscribe bgp'],
    ['blog.example.org/feed', 'the feed Example blog', 'unsubscribe https://blog.example.org/feed'],
    ['everything', 'everything', 'unsubscribe everything'],
    ['bgp leak', 'posts that say bgp leak', 'unsubscribe bgp leak'],
  ])('to %s says which it was, and both ways to undo it work', async (what, name, undo) => {
    const { give, world } = openBench({ feeds });
    const reply = await give(`subscribe ${what}`);
    expect(textOf(reply)).toContain(`this channel is told of ${name}`);
    expect(linesOf(reply)).toContain(`/tidings ${undo}`);

    await give(undo);
    expect(world.subscriptions).toEqual([]);
    const again = await give(`subscribe ${what}`);
    await give(buttonsOf(again)['Undo'] ?? '');
    expect(world.subscriptions).toEqual([]);
  });

  test('a second time says so, and since when', async () => {
    const { give, world } = openBench();
    await give('subscribe bgp');
    expect(textOf(await give('subscribe BGP'))).toContain('already told of the topic "BGP", since 4 Mar 2026');
    expect(world.subscriptions).toHaveLength(1);
  });

  test('a digest says its time zone and its next time; a second time changes when', async () => {
    const { give, world } = openBench();
    const said = textOf(await give('subscribe bgp when:"daily 8.30 Europe/Berlin"'));
    expect(said).toContain('daily 08:30 Europe/Berlin; the next is due 2026-03-04 07:30 UTC');
    expect(textOf(await give('subscribe bgp when:"daily 08:30"'))).toContain(
      'what changes is when. It comes as a digest, daily 08:30 UTC',
    );
    expect(textOf(await give('subscriptions'))).toContain('daily 08:30 UTC, next 2026-03-04 08:30 UTC');
    expect(textOf(await give('subscribe bgp when:now'))).toContain('told at once');
    expect(world.subscriptions).toHaveLength(1);
    expect(textOf(await give('digest now'))).toContain('Nothing waits for a digest');
  });

  test('a slip in a topic asks which was meant; each answer is one press away', async () => {
    const { give, world } = openBench();
    const reply = await give('subscribe rooting security');
    expect(world.subscriptions).toEqual([]);
    expect(textOf(reply)).toContain('Did you mean "Routing security"?');
    const buttons = buttonsOf(reply);
    await give(buttons['Topic: Routing security'] ?? '');
    await give(buttons['These words'] ?? '');
    expect(world.subscriptions.map(({ target }) => target)).toEqual([
      { kind: 'topic', topicId: 'routing-security' },
      { kind: 'query', text: '"rooting security"' },
    ]);
  });

  test('an address nobody follows says who adds it, and how', async () => {
    const { give, world } = openBench({ feeds });
    const said = textOf(await give('subscribe https://other.example.org/feed'));
    expect(said).toContain('tidings feed add https://other.example.org/feed');
    expect(world.subscriptions).toEqual([]);
  });

  test.each([
    ['subscribe bgp when:dialy', 'Did you mean "daily"?'],
    ['subscribe bgp when:daily', 'Say at what time'],
    ['subscribe bgp or ospf', 'does not work yet'],
    ['subscribe -cisco', 'only says what to leave out'],
    ['subscribe ""', 'Type a word or two'],
    ['subscribe', 'needs more words'],
  ])('%s: nothing is changed, and the reply says why', async (line, why) => {
    const { give, world } = openBench();
    expect(textOf(await give(line))).toContain(why);
    expect(world.subscriptions).toEqual([]);
  });

  test.each([
    ['slack', 'member of this channel'],
    ['discord', '"Manage Channels"'],
    ['console', 'runs this bot'],
  ] as const)('on %s, who may not manage the channel is told who may', async (platform, who) => {
    const { give, world, channel, caller } = openBench();
    const place = { channel: { ...channel, platform }, caller: { ...caller, mayManage: false } };
    const reply = await give('subscribe bgp', place);
    expect(textOf(reply)).toContain(who);
    expect(reply.visibleTo).toBe('caller');
    expect(world.subscriptions).toEqual([]);
  });
});
