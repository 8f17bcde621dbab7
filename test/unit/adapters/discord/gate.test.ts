import { expect, test } from '@jest/globals';
import { createGate } from '../../../../adapters/discord/gate.js';
import { later } from '../../../../src/clock.js';
import { silentLog } from '../../../support/database.js';

test('requests are counted once, and only those of the last second: an hour of edits is no reason to wait', () => {
  let now = new Date('2026-03-01T12:00:00Z');
  const gate = createGate(() => now, silentLog);
  for (let request = 0; request < 5; request += 1) gate.count();
  now = later(now, 999);
  gate.count();
  gate.countInvalid();
  expect(gate.takeRequests()).toEqual({ recent: 6, invalid: 1 });
  expect(gate.takeRequests()).toEqual({ recent: 0, invalid: 0 });
  gate.count();
  now = later(now, 600);
  gate.count();
  now = later(now, 600);
  expect(gate.takeRequests()).toEqual({ recent: 1, invalid: 0 });
});
