import { expect, test } from '@jest/globals';
import { createLookPace } from '../../../../adapters/slack/look-pace.js';

const START_MS = Date.parse('2026-03-02T08:00:00Z');
const MINUTE_MS = 60_000;

function openPace() {
  let nowMs = START_MS;
  const pace = createLookPace(() => new Date(nowMs));
  const moveTo = (ms: number): void => {
    nowMs = ms;
  };
  return { pace, moveTo };
}

test('at most fifty looks begin in a minute, however many ask, and more than forty when they do', () => {
  const { pace, moveTo } = openPace();
  const taken: number[] = [];
  for (let atMs = START_MS; atMs < START_MS + 3 * MINUTE_MS; atMs += 100) {
    moveTo(atMs);
    for (let asked = 0; asked < 5; asked += 1) if (pace.waitMs() === 0) taken.push(atMs);
  }
  const inMinuteFrom = (from: number): number => taken.filter((at) => at >= from && at < from + MINUTE_MS).length;
  expect(Math.max(...taken.map(inMinuteFrom))).toBeLessThanOrEqual(50);
  expect(taken.length / 3).toBeGreaterThan(40);
});

test('those who must wait are told times of their own, at which they find a turn', () => {
  const { pace, moveTo } = openPace();
  const waits = Array.from({ length: 20 }, () => pace.waitMs());
  const told = waits.filter((ms) => ms > 0);
  expect(told).toHaveLength(15);
  expect(new Set(told).size).toBe(15);
  const found = told.map((ms) => {
    moveTo(START_MS + ms);
    return pace.waitMs();
  });
  expect(found).toEqual(told.map(() => 0));
});

test('after Slack limits it nobody looks until then', () => {
  const { pace, moveTo } = openPace();
  pace.pause(30_000);
  moveTo(START_MS + 29_000);
  expect(pace.waitMs()).toBe(1_000);
  moveTo(START_MS + 30_000);
  expect(pace.waitMs()).toBe(0);
});
