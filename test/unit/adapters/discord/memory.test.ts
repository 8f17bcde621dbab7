import { expect, test } from '@jest/globals';
import { createMemory } from '../../../../adapters/discord/memory.js';
import { later } from '../../../../src/clock.js';

let now = new Date('2026-03-01T12:00:00Z');
const clock = (): Date => now;

test('what is kept holds for its time, counted from when it was kept last, or until it is forgotten', () => {
  const memory = createMemory<string>(10, clock);
  memory.keep('a', 'first', 1_000);
  now = later(now, 999);
  expect(memory.get('a')).toBe('first');
  memory.keep('a', 'second', 1_000);
  now = later(now, 999);
  expect(memory.get('a')).toBe('second');
  now = later(now, 1);
  expect(memory.get('a')).toBeNull();
  memory.keep('a', 'third', 1_000);
  memory.forget('a');
  expect(memory.get('a')).toBeNull();
});

test('there is room for the latest', () => {
  const memory = createMemory<number>(2, clock);
  for (const [place, id] of ['a', 'b', 'a', 'c'].entries()) memory.keep(id, place, 1_000);
  expect(['a', 'b', 'c'].map(memory.get)).toEqual([2, null, 3]);
});
