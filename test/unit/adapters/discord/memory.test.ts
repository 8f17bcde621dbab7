import { expect, test } from '@jest/globals';
import { createMemory } from '../../../../adapters/discord/memory.js';
import { later } from '../../../../src/clock.js';

let now = new Date('2026-03-01T12:00:00Z');
const clock = (): Date => now;

test('what is kept holds for its time, counted from when it was kept last, or until it is forgotten', () => {
  const memory = createMemory<string>({ holdsMs: 1_000, most: 10 }, clock);
  memory.keep('a', 'first');
  now = later(now, 999);
  expect(memory.get('a')).toBe('first');
  memory.keep('a', 'second');
  now = later(now, 999);
  expect(memory.get('a')).toBe('second');
  now = later(now, 1);
  expect(memory.get('a')).toBeNull();
  memory.keep('a', 'third');
  memory.forget('a');
  expect(memory.get('a')).toBeNull();
});

test('there is room for the latest', () => {
  const memory = createMemory<number>({ holdsMs: 1_000, most: 2 }, clock);
  for (const [place, id] of ['a', 'b', 'a', 'c'].entries()) memory.keep(id, place);
  expect(['a', 'b', 'c'].map(memory.get)).toEqual([2, null, 3]);
});
