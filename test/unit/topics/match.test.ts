import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesQuery } from '../../../src/topics/match.js';
import { parseQuery } from '../../../src/topics/parse-query.js';
import type { Query } from '../../../src/topics/topic.js';
import { wordsOf } from '../../../src/topics/words.js';

const said = (title: string, text = '', tags: string[] = []) => ({ title, text, tags });
const matches = (typed: string, post: ReturnType<typeof said>) => matchesQuery(post, parseQuery(typed));

describe('a query', () => {
  test.each([
    ['bgp', 'A BGP leak', true],
    ['bgp', 'An eBGP leak', false],
    ['"route leak"', 'A route-leak again', true],
    ['"route leak"', 'A route, then a leak', false],
    ['"a b"', 'a a b', true],
    ['leak bgp', 'BGP route leak', true],
    ['bgp -leak', 'BGP route leak', false],
    ['bgp -leak', 'BGP routes', true],
    ['zurich', 'Zürich internet exchange', true],
    ['is-is', 'What this is is unclear', true],
    ['路由', 'BGP 路由泄露', true],
    ['由泄 -路由', 'BGP 路由泄露', false],
    ['маршрут', 'Маршрут BGP', true],
    ['हिन्दी', 'हिन्दी में', true],
    ['हिन्दी', 'हन्दी में', false],
  ])('%s asked of "%s" is %s', (typed, title, answer) => {
    expect(matches(typed, said(title))).toBe(answer);
    expect(matches(typed, said('', title))).toBe(answer);
    expect(matches(typed, said('', '', [title]))).toBe(answer);
  });

  test('no phrase runs from the title into a tag or the text', () => {
    const post = said('the route', 'news of old', ['leak']);
    expect(['"route leak"', '"leak news"', '"route news"'].filter((typed) => matches(typed, post))).toEqual([]);
  });
});

test('what a post is about stands in its title, its tags or its opening, not deep in its text', () => {
  const about: Query = { kind: 'about', of: parseQuery('bgp') };
  const filler = 'word '.repeat(500);
  expect(matchesQuery(said('BGP'), about)).toBe(true);
  expect(matchesQuery(said('', '', ['bgp']), about)).toBe(true);
  expect(matchesQuery(said('', `On BGP. ${filler}`), about)).toBe(true);
  expect(matchesQuery(said('', `${filler} BGP`), about)).toBe(false);
  expect(matches('bgp', said('', `${filler} BGP`))).toBe(true);
});

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'É', 'd.'), { maxLength: 12 }).map((words) => words.join(' '));

test('a term matches exactly the texts in which its words stand side by side', () => {
  const term = fc.array(fc.constantFrom('a', 'b', 'e'), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(text, term, (body, words) => {
      const expected = ` ${wordsOf(body).join(' ')} `.includes(` ${words.join(' ')} `);
      expect(matchesQuery(said('', body), { kind: 'term', words })).toBe(expected);
    }),
  );
});

test('a minus turns the answer of a term around', () => {
  fc.assert(
    fc.property(text, text, (title, body) => {
      const post = said(title, body, ['always']);
      expect(matches('always -a', post)).toBe(!matches('a', post));
    }),
  );
});

test('a long text of one word, asked for a phrase that nearly fits, is answered at once', () => {
  const post = said('', 'a '.repeat(200_000));
  const startedAt = performance.now();
  expect(matches('"a a a a b"', post)).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
