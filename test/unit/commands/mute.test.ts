import { expect, test } from '@jest/globals';
import { buttonsOf, openBench, textOf } from '../../support/command-bench.js';
import { memoryFeed, memoryPost } from '../../support/memory-stores.js';

const FEED = 'https://blog.example/feed';
const bench = () => openBench({ feeds: [memoryFeed(FEED, 'A blog')], posts: [memoryPost('A leak')] });

test('a feed is muted for a week unless said otherwise, listed, and heard of again', async () => {
  const { give } = bench();
  await give('subscribe bgp');
  const muted = await give(`mute ${FEED}`);
  expect(textOf(muted)).toContain('hears no more of the feed A blog until 11 Mar 2026');
  expect(buttonsOf(muted)).toEqual({ Undo: `unmute ${FEED}` });
  expect(textOf(await give('subscriptions'))).toContain('Muted until 11 Mar 2026: A blog');
  expect(textOf(await give(`unmute ${FEED}`))).toContain('hears of the feed A blog again');
  expect(textOf(await give('subscriptions'))).not.toContain('Muted');
});

test('words are muted until somebody ends it', async () => {
  const { give } = bench();
  expect(textOf(await give('mute "black friday" for:forever'))).toContain('until you end it');
  expect(textOf(await give('unmute sponsored'))).toContain('Muted until you end it: "black friday"');
});

test.each([
  ['mute bgp for:soon', 'Write for:2h, for:7d, for:2w or for:forever'],
  ['mute bgp for:0d', 'is no time'],
  ['mute bgp for:9999w', 'is no time'],
  ['mute everything', 'unsubscribe'],
  ['mute https://nobody.example/feed', 'No feed is followed at'],
  ['mute', 'needs more words'],
])('%s is answered', async (line, answer) => {
  expect(textOf(await bench().give(line))).toContain(answer);
});

test('only who may manage the channel mutes', async () => {
  const { give, caller } = bench();
  expect(textOf(await give(`mute ${FEED}`, { caller: { ...caller, mayManage: false } }))).toContain('You cannot');
});

test('why tells of this channel alone', async () => {
  const { give } = bench();
  const told = textOf(await give('why "A leak"'));
  expect(told).toContain('filtered: slack:T1/C1 asked for quiet until further notice');
  expect(told).not.toContain('T2');
  expect(told).not.toContain('2 channels');
  expect(told).toContain('Not told here');
  expect(textOf(await give('why nothing of the kind'))).toContain('No stored post');
});
