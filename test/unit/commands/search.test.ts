import { describe, expect, test } from '@jest/globals';
import { buttonsOf, linesOf, openBench, textOf } from '../../support/command-bench.js';
import { memoryPost } from '../../support/memory-stores.js';

const seven = Array.from({ length: 7 }, (_, index) => memoryPost(`BGP news ${String(index + 1)}`));

describe('search', () => {
  test('shows five posts to a page, and the way on and back', async () => {
    const { give } = openBench({ posts: seven });
    const first = await give('search bgp news');
    expect(first.lines.filter(({ kind }) => kind === 'item')).toHaveLength(5);
    expect(buttonsOf(first)).toEqual({ 'Next ▶': 'search bgp news page:2' });

    const second = await give('search bgp news page:2');
    expect(second.lines.filter(({ kind }) => kind === 'item')).toHaveLength(2);
    expect(buttonsOf(second)).toEqual({ '◀ Previous': 'search bgp news page:1' });
  });

  test('shows where each post is from, when it was published, and where its text matches', async () => {
    const text = `${'Much else is said first. '.repeat(10)}Then a route leak at noon. ${'And more. '.repeat(30)}`;
    const post = memoryPost('A leak', { text, url: new URL('https://example.org/leak') });
    const reply = await openBench({ posts: [post] }).give('search "route leak"');
    const item = reply.lines.find((line) => line.kind === 'item');
    expect(item).toMatchObject({ title: 'A leak', url: new URL('https://example.org/leak') });
    expect(item?.detail).toMatch(/^Example · 3 Mar 2026 · … .*Then a route leak at noon\..* …$/);
    expect(item?.detail.length).toBeLessThan(200);
  });

  test('a post without a date shows when it was first seen, and one that matches by its title no text', async () => {
    const reply = await openBench({ posts: [memoryPost('BGP', { publishedAt: null, text: 'Nothing.' })] }).give(
      'search bgp',
    );
    expect(linesOf(reply)).toContain('BGP — Example · 3 Mar 2026');
  });

  test('keeps quotes and exclusions on the next page, however they were typed', async () => {
    const reply = await openBench({ posts: seven }).give('search “bgp news” –cisco');
    expect(buttonsOf(reply)).toEqual({ 'Next ▶': 'search "bgp news" -cisco page:2' });
  });

  test('a search too long for a button says how to turn the page', async () => {
    const words = `bgp ${'-cisco '.repeat(20).trim()}`;
    const reply = await openBench({ posts: seven }).give(`search ${words}`);
    expect(reply.buttons).toEqual([]);
    expect(linesOf(reply)).toContain(`/tidings search ${words} page:2`);
  });

  test.each([
    ['search ospf', '/tidings topics'],
    ['search "bgp outages" -cisco', '/tidings search bgp outages'],
    ['search -"big iron" ospf', '/tidings search ospf'],
  ])('%s finds nothing and says what to try', async (line, advice) => {
    const reply = await openBench({ posts: seven }).give(line);
    expect(textOf(reply)).toContain('Nothing found');
    expect(linesOf(reply)).toContain(advice);
  });

  test('a page past the end leads back', async () => {
    const reply = await openBench({ posts: seven }).give('search bgp page:9');
    expect(buttonsOf(reply)).toEqual({ '◀ Previous': 'search bgp page:1' });
  });

  test.each(['page:0', 'page:two', 'page:-1', 'page:1e3', 'page:201'])('%s is refused', async (page) => {
    expect(textOf(await openBench({ posts: seven }).give(`search bgp ${page}`))).toContain('such as page:2');
  });
});
