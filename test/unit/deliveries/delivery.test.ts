import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MESSAGE_FORMATS, type MessageFormat } from '../../../src/chat/message.js';
import type { PostOutcome, RefusalReason } from '../../../src/chat/post-outcome.js';
import { later } from '../../../src/clock.js';
import { afterAttempt, afterFind, waitForSlot } from '../../../src/deliveries/delivery.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;
const NOW = new Date('2026-03-04T12:00:00Z');
const tried = (attempts: number, rest: { format?: MessageFormat; promisedAt?: Date } = {}) => ({
  attempts,
  format: 'card' as MessageFormat,
  promisedAt: NOW,
  ...rest,
});
const LONG_AGO = later(NOW, -WEEK_MS);
const refused = (reason: RefusalReason = 'not-a-member'): PostOutcome => ({ kind: 'refused', reason });
const unavailable: PostOutcome = { kind: 'unavailable', detail: '503' };
const waitMs = (attempts: number, outcome: PostOutcome): number => {
  const { state } = afterAttempt(tried(attempts), outcome, NOW);
  return state.kind === 'pending' ? state.dueAt.getTime() - NOW.getTime() : NaN;
};

describe('after an attempt', () => {
  test('what was posted is sent, and clears an earlier refusal of the channel', () => {
    expect(afterAttempt(tried(1), { kind: 'posted', messageId: 'm1' }, NOW)).toEqual({
      state: { kind: 'sent', messageId: 'm1', at: NOW },
      format: 'card',
      channelReadyAt: null,
      pacedUntil: null,
      channelTrouble: null,
    });
  });

  test('being throttled holds the whole channel for as long as was asked and gives the attempt back', () => {
    const readyAt = later(NOW, 30_000);
    expect(afterAttempt(tried(3), { kind: 'throttled', retryAfterMs: 30_000 }, NOW)).toEqual({
      state: { kind: 'pending', dueAt: readyAt, attempts: 2 },
      format: 'card',
      channelReadyAt: readyAt,
      pacedUntil: null,
      channelTrouble: undefined,
    });
  });

  test('a refusal is the trouble of the channel, which is tried again after 5 minutes, then ever later, then daily', () => {
    expect(afterAttempt(tried(1), refused(), NOW)).toMatchObject({
      state: { kind: 'pending', attempts: 1 },
      channelReadyAt: later(NOW, 5 * MINUTE_MS),
      channelTrouble: 'not-a-member',
    });
    expect([1, 2, 3, 9, 10, 400].map((attempts) => waitMs(attempts, refused()) / MINUTE_MS)).toEqual([
      5, 10, 20, 1280, 1440, 1440,
    ]);
  });

  test('what is malformed is tried at once in the next simpler form, and given up in the simplest; the channel is not blamed', () => {
    const malformed: PostOutcome = { kind: 'malformed', detail: 'invalid_blocks' };
    const unblamed = { channelReadyAt: null, pacedUntil: null, channelTrouble: undefined };
    const pending = { kind: 'pending', dueAt: NOW, attempts: 1 };
    expect(afterAttempt(tried(1), malformed, NOW)).toEqual({ state: pending, format: 'plain', ...unblamed });
    expect(afterAttempt(tried(1, { format: 'plain' }), malformed, NOW)).toEqual({
      ...{ state: pending, format: 'bare' },
      ...unblamed,
    });
    expect(afterAttempt(tried(2, { format: 'bare' }), malformed, NOW)).toEqual({
      ...{ state: { kind: 'abandoned', reason: 'malformed: invalid_blocks', at: NOW }, format: 'bare' },
      ...unblamed,
    });
  });

  test('what was surely not posted is tried after 5 seconds, then ever later, then hourly; others need not wait', () => {
    expect([1, 2, 3, 10, 11, 400].map((attempts) => waitMs(attempts, unavailable) / 1000)).toEqual([
      5, 10, 20, 2560, 3600, 3600,
    ]);
    expect(afterAttempt(tried(1), unavailable, NOW)).toMatchObject({ channelReadyAt: null, channelTrouble: undefined });
  });

  test('what may have been posted is looked for before anything else', () => {
    expect(afterAttempt(tried(2), { kind: 'unknown', detail: 'timeout' }, NOW).state).toEqual({
      kind: 'unknown',
      dueAt: later(NOW, 5_000),
      attempts: 2,
      checks: 0,
    });
  });

  test.each([
    [refused('channel-gone'), 'channel-gone'],
    [unavailable, '503'],
  ])('a week after the promise, %j ends it', (outcome, reason) => {
    expect(afterAttempt(tried(9, { promisedAt: LONG_AGO }), outcome, NOW).state).toEqual({
      kind: 'abandoned',
      reason,
      at: NOW,
    });
    expect(afterAttempt(tried(1, { promisedAt: later(LONG_AGO, MINUTE_MS) }), unavailable, NOW).state.kind).toBe(
      'pending',
    );
  });
});

test('a channel whose pace leaves no room waits for its slot; nothing was tried, so the attempt is given back', () => {
  const slot = later(NOW, MINUTE_MS);
  expect(waitForSlot(tried(1, { format: 'plain' }), slot, NOW)).toEqual({
    state: { kind: 'pending', dueAt: NOW, attempts: 0 },
    format: 'plain',
    channelReadyAt: null,
    pacedUntil: slot,
    channelTrouble: undefined,
  });
});

describe('after a look for a message of unknown fate', () => {
  const unknown = { ...tried(3, { format: 'plain' }), checks: 0 };
  const blind = { kind: 'cannot-tell', detail: 'no history' } as const;

  test('one that is there is sent, and shows that the channel takes messages', () => {
    expect(afterFind(unknown, { kind: 'found', messageId: 'm1' }, NOW)).toEqual({
      state: { kind: 'sent', messageId: 'm1', at: NOW },
      format: 'plain',
      channelReadyAt: null,
      pacedUntil: null,
      channelTrouble: null,
    });
  });

  test('one that is not there is posted at once, in the format it was in, with no attempt lost', () => {
    expect(afterFind(unknown, { kind: 'absent' }, NOW)).toMatchObject({
      state: { kind: 'pending', dueAt: NOW, attempts: 3 },
      format: 'plain',
    });
  });

  test('a look that cannot tell is repeated ever later, half an hour in all, and then the message is posted again', () => {
    const waits: number[] = [];
    let { state } = afterFind(unknown, blind, NOW);
    while (state.kind === 'unknown') {
      waits.push((state.dueAt.getTime() - NOW.getTime()) / MINUTE_MS);
      ({ state } = afterFind({ ...unknown, ...state }, blind, NOW));
    }
    expect(waits).toEqual([1, 2, 4, 8, 16]);
    expect(state).toEqual({ kind: 'pending', dueAt: NOW, attempts: 3 });
  });
});

describe('properties', () => {
  const outcome: fc.Arbitrary<PostOutcome> = fc.oneof(
    fc.record({ kind: fc.constant('posted' as const), messageId: fc.string({ minLength: 1 }) }),
    fc.record({ kind: fc.constant('throttled' as const), retryAfterMs: fc.nat(3_600_000) }),
    fc.record({
      kind: fc.constant('refused' as const),
      reason: fc.constantFrom<RefusalReason>('channel-gone', 'not-a-member', 'not-allowed', 'bad-credentials'),
    }),
    fc.record({
      kind: fc.constantFrom('malformed' as const, 'unavailable' as const, 'unknown' as const),
      detail: fc.string(),
    }),
  );
  const attempt = fc.record({
    attempts: fc.integer({ min: 1, max: 1000 }),
    format: fc.constantFrom(...MESSAGE_FORMATS),
    promisedAt: fc.nat(2 * WEEK_MS).map((agoMs) => later(NOW, -agoMs)),
  });

  test('being throttled never costs an attempt and never ends a promise', () => {
    fc.assert(
      fc.property(attempt, fc.nat(1e9), (each, retryAfterMs) => {
        const { state } = afterAttempt(each, { kind: 'throttled', retryAfterMs }, NOW);
        expect(state).toEqual({ kind: 'pending', dueAt: later(NOW, retryAfterMs), attempts: each.attempts - 1 });
      }),
    );
  });

  test('a message is sent exactly when the platform says that it was posted', () => {
    fc.assert(
      fc.property(attempt, outcome, (each, answer) => {
        expect(afterAttempt(each, answer, NOW).state.kind === 'sent').toBe(answer.kind === 'posted');
      }),
    );
  });

  test('nothing is due in the past, and no form becomes richer again', () => {
    fc.assert(
      fc.property(attempt, outcome, (each, answer) => {
        const { state, format } = afterAttempt(each, answer, NOW);
        expect('dueAt' in state ? state.dueAt.getTime() : Infinity).toBeGreaterThanOrEqual(NOW.getTime());
        expect(MESSAGE_FORMATS.indexOf(format)).toBeGreaterThanOrEqual(MESSAGE_FORMATS.indexOf(each.format));
      }),
    );
  });

  test('only a message that no format can carry ends a promise younger than a week less a day', () => {
    const young = attempt.map((each) => ({ ...each, promisedAt: later(NOW, -WEEK_MS + DAY_MS) }));
    fc.assert(
      fc.property(young, outcome, (each, answer) => {
        const ended = afterAttempt(each, answer, NOW).state.kind === 'abandoned';
        expect(ended).toBe(answer.kind === 'malformed' && each.format === 'bare');
      }),
    );
  });
});
