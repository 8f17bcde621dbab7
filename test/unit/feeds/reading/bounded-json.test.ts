import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseBoundedJson } from '../../../../src/feeds/reading/bounded-json.js';

test('JSON is read as it stands', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (source) => {
      expect(parseBoundedJson(source)).toEqual(JSON.parse(source));
    }),
  );
});

test('what is no JSON, or nested without reason, is nothing', () => {
  expect(parseBoundedJson('{"a":')).toBeNull();
  expect(parseBoundedJson(`${'['.repeat(100)}${']'.repeat(100)}`)).not.toBeNull();
  expect(parseBoundedJson(`${'['.repeat(101)}${']'.repeat(101)}`)).toBeNull();
  expect(parseBoundedJson('{"a":'.repeat(1_000_000))).toBeNull();
});

test('brackets within strings are only text', () => {
  const text = `${'[{'.repeat(200)}\\"${'['.repeat(200)}`;
  expect(parseBoundedJson(JSON.stringify({ text }))).toEqual({ text });
});
