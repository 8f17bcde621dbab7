import { expect, test } from '@jest/globals';
import { amendmentOf, type AmendmentKind, type Announced } from '../../../src/deliveries/amendment.js';
import { later } from '../../../src/clock.js';
import type { PostId } from '../../../src/ids.js';

const SEEN = new Date('2026-03-02T00:00:00Z');
const HOUR_MS = 3_600_000;

function wish(
  changes: readonly AmendmentKind[],
  over: Partial<Announced> = {},
  afterMs = HOUR_MS,
): readonly AmendmentKind[] {
  const announced: Announced = {
    ...{ postId: 'p' as PostId, firstSeenAt: SEEN, promised: true, leads: true },
    ...over,
  };
  return amendmentOf(announced, changes, later(SEEN, afterMs))?.kinds ?? [];
}

test('a new title or link, or another feed that has it, is to reach the messages of a promised post', () => {
  expect(wish(['title', 'link'])).toEqual(['title', 'link']);
  expect(wish(['also-in'], { leads: false })).toEqual(['also-in']);
});

test('a post that nobody was promised has no message to amend', () => {
  expect(wish(['title', 'also-in'], { promised: false })).toEqual([]);
});

test('what only a copy in another feed says differently stays there', () => {
  expect(wish(['title', 'link'], { leads: false })).toEqual([]);
});

test('after two days messages stay as they are', () => {
  expect(wish(['title'], {}, 48 * HOUR_MS)).toEqual(['title']);
  expect(wish(['title'], {}, 48 * HOUR_MS + 1)).toEqual([]);
});

test('no change is no wish', () => {
  expect(wish([])).toEqual([]);
});
