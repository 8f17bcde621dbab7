import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import { parseQuery } from '../../../src/topics/parse-query.js';

const term = (...words: string[]) => ({ kind: 'term', words });
const not = (...words: string[]) => ({ kind: 'not', of: term(...words) });
const all = (...of: object[]) => ({ kind: 'all', of });

test.each([
  ['BGP', term('bgp')],
  ['bgp leak', all(term('bgp'), term('leak'))],
  ['"route leak"', term('route', 'leak')],
  ['“route leak” -cisco', all(term('route', 'leak'), not('cisco'))],
  ['bgp -"line card" –juniper', all(term('bgp'), not('line', 'card'), not('juniper'))],
  ['SD-WAN & wi-fi', all(term('sd', 'wan'), term('wi', 'fi'))],
  ['Zürich', term('zurich')],
  ['"open phrase', term('open', 'phrase')],
  ['"or" "(x)" "feed:a"', all(term('or'), term('x'), term('feed', 'a'))],
  ['why bgp?', all(term('why'), term('bgp'))],
  ['2001:db8::1 12:30 std::vector', all(term('2001', 'db8', '1'), term('12', '30'), term('std', 'vector'))],
  ['https://example.org/a', term('https', 'example', 'org', 'a')],
  ['маршрутизация', term('маршрутизация')],
])('%s', (typed, query) => {
  expect(parseQuery(typed)).toEqual(query);
});

const codeOf = (typed: string): string | null => {
  try {
    parseQuery(typed);
    return null;
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
};

test.each([
  ['bgp or ospf', 'not-yet'],
  ['bgp OR ospf', 'not-yet'],
  ['bgp | ospf', 'not-yet'],
  ['bgp NOT ospf', 'not-yet'],
  ['(bgp leak)', 'not-yet'],
  ['rout*', 'not-yet'],
  ['p?ering', 'not-yet'],
  ['bgp feed:apnic', 'not-yet'],
  ['bgp -feed:apnic', 'not-yet'],
  ['since:7d', 'not-yet'],
  ['', 'empty-query'],
  [' "" - &', 'empty-query'],
  ['-cisco -"line card"', 'only-negatives'],
  ['x'.repeat(301), 'long-query'],
])('%s is refused as %s', (typed, code) => {
  expect(codeOf(typed)).toBe(code);
});

test('whatever is typed is a query or a UserError with words to show', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (typed) => {
      expect([null, 'not-yet', 'empty-query', 'only-negatives', 'long-query']).toContain(codeOf(typed));
    }),
  );
});
