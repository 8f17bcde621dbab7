import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MESSAGE_FORMATS } from '../../../src/chat/message.js';
import type { EditOutcome } from '../../../src/chat/post-outcome.js';
import { afterEdit } from '../../../src/deliveries/edit.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const first = { attempts: 1, format: 'card' } as const;

const anyOutcome: fc.Arbitrary<EditOutcome> = fc.oneof(
  fc.record({ kind: fc.constant('posted' as const), messageId: fc.string() }),
  fc.record({ kind: fc.constant('throttled' as const), retryAfterMs: fc.integer({ min: 1, max: 1e8 }) }),
  fc.record({ kind: fc.constant('refused' as const), reason: fc.constant('not-a-member' as const) }),
  fc.record({ kind: fc.constant('closed' as const), reason: fc.string() }),
  fc.record({ kind: fc.constantFrom('malformed', 'unavailable', 'unknown'), detail: fc.string() }),
);

test('only the message itself, or a text that no format can carry, ends an edit that was not done', () => {
  fc.assert(
    fc.property(
      anyOutcome,
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(...MESSAGE_FORMATS),
      (outcome, attempts, format) => {
        const { state } = afterEdit({ attempts, format }, outcome, NOW);
        const ends = outcome.kind === 'closed' || (outcome.kind === 'malformed' && format === 'bare');
        expect(state.kind === 'dropped').toBe(ends);
        expect(state.kind === 'done').toBe(outcome.kind === 'posted');
        const dueAt = state.kind === 'waiting' ? state.dueAt : NOW;
        expect(dueAt.getTime()).toBeGreaterThanOrEqual(NOW.getTime());
      },
    ),
  );
});

test('being throttled gives the attempt back, and holds up the other edits of the workspace', () => {
  const until = new Date(NOW.getTime() + 7_000);
  expect(afterEdit(first, { kind: 'throttled', retryAfterMs: 7_000 }, NOW)).toEqual({
    state: { kind: 'waiting', dueAt: until, attempts: 0 },
    reason: 'throttled',
    format: 'card',
    workspaceReadyAt: until,
  });
});

test('what is refused is tried more and more seldom, at last once an hour', () => {
  const delaysMin = [1, 2, 3, 4, 5, 9].map((attempts) => {
    const { state } = afterEdit({ attempts, format: 'card' }, { kind: 'refused', reason: 'not-allowed' }, NOW);
    return state.kind === 'waiting' ? (state.dueAt.getTime() - NOW.getTime()) / 60_000 : null;
  });
  expect(delaysMin).toEqual([5, 10, 20, 40, 60, 60]);
});

test('a malformed card is tried plain at once', () => {
  expect(afterEdit(first, { kind: 'malformed', detail: 'invalid_blocks' }, NOW)).toMatchObject({
    state: { kind: 'waiting', dueAt: NOW },
    format: 'plain',
  });
});
