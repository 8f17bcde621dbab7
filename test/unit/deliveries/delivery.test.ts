import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MESSAGE_FORMATS, type MessageFormat } from '../../../src/chat/message.js';
import type { PostOutcome, RefusalReason } from '../../../src/chat/post-outcome.js';
import { later } from '../../../src/clock.js';
import {
  afterAttempt,
  afterFind,
  afterRepeat,
  stepsAside,
  waitForSlot,
  type Unsettled,
} from '../../../src/deliveries/delivery.js';
import { DEFAULT_SETTLING } from '../../../src/deliveries/settling.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;
const NOW = new Date('2026-03-04T12:00:00Z');
interface Rest {
  readonly format?: MessageFormat;
  readonly promisedAt?: Date;
  readonly othersSent?: boolean;
}
const tried = (attempts: number, rest: Rest = {}) => ({
  ...{ attempts, format: 'card' as MessageFormat, aside: false, othersSent: false, promisedAt: NOW },
  ...rest,
});
const UNCHANGED = { aside: false, channelReadyAt: null, platformReadyAt: null, pacedUntil: null };
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
      ...UNCHANGED,
      channelTrouble: null,
    });
  });

  test('being throttled holds the whole channel for as long as was asked and gives the attempt back', () => {
    const readyAt = later(NOW, 30_000);
    expect(afterAttempt(tried(3), { kind: 'throttled', retryAfterMs: 30_000 }, NOW)).toEqual({
      state: { kind: 'pending', dueAt: readyAt, attempts: 2 },
      format: 'card',
      ...UNCHANGED,
      channelReadyAt: readyAt,
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
    const state = { kind: 'pending', dueAt: NOW, attempts: 1 };
    const rest = { ...UNCHANGED, channelTrouble: undefined };
    expect(afterAttempt(tried(1), malformed, NOW)).toEqual({ state, format: 'plain', ...rest });
    expect(afterAttempt(tried(1, { format: 'plain' }), malformed, NOW)).toEqual({ state, format: 'bare', ...rest });
    expect(afterAttempt(tried(2, { format: 'bare' }), malformed, NOW)).toEqual({
      ...{ state: { kind: 'abandoned', reason: 'malformed: invalid_blocks', at: NOW }, format: 'bare', ...rest },
    });
  });

  test('what was surely not posted is tried after 5 seconds, then ever later, up to 10 minutes; others need not wait', () => {
    expect([1, 2, 3, 7, 8, 400].map((attempts) => waitMs(attempts, unavailable) / 1000)).toEqual([
      5, 10, 20, 320, 600, 600,
    ]);
    expect(afterAttempt(tried(1), unavailable, NOW)).toMatchObject({ channelReadyAt: null, channelTrouble: undefined });
  });

  test('what may have been posted is looked for before anything else', () => {
    expect(afterAttempt(tried(2), { kind: 'unknown', detail: 'timeout' }, NOW).state).toEqual({
      kind: 'unknown',
      dueAt: later(NOW, 5_000),
      attempts: 2,
      checks: 0,
      since: NOW,
    });
  });

  test('a limit of the whole bot holds back its platform, not the channel', () => {
    const limited: PostOutcome = { kind: 'throttled', retryAfterMs: 2_000, scope: 'platform' };
    const verdict = afterAttempt(tried(1), limited, NOW);
    expect([verdict.channelReadyAt, verdict.platformReadyAt]).toEqual([null, later(NOW, 2_000)]);
  });

  test('a message that filled its channel says when the next may follow', () => {
    const full: PostOutcome = { kind: 'posted', messageId: 'm', channelFreeInMs: 4_200 };
    expect(afterAttempt(tried(1), full, NOW)).toMatchObject({ channelReadyAt: later(NOW, 4_200) });
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
  expect(waitForSlot(tried(1, { format: 'bare' }), slot, NOW)).toEqual({
    state: { kind: 'pending', dueAt: NOW, attempts: 0 },
    format: 'bare',
    ...UNCHANGED,
    pacedUntil: slot,
    channelTrouble: undefined,
  });
});

describe('after a look for a message of unknown fate', () => {
  const unknown: Unsettled = { ...tried(3, { format: 'bare' }), checks: 0, since: NOW };
  const blind = { kind: 'cannot-tell', detail: 'no scope', lasting: true } as const;
  const away = { kind: 'cannot-tell', detail: '503' } as const;
  const SETTLED = later(NOW, 60_000);
  const at = (now: Date, whenUnsure: 'repeat' | 'drop' = 'repeat') => ({ ...DEFAULT_SETTLING, whenUnsure, now });

  test('one that is there is sent at once, and shows that the channel takes messages', () => {
    expect(afterFind(unknown, { kind: 'found', messageId: 'm1' }, at(NOW))).toEqual({
      state: { kind: 'sent', messageId: 'm1', at: NOW },
      format: 'bare',
      ...UNCHANGED,
      channelTrouble: null,
    });
  });

  test('one that is not there proves nothing while the lost request may still be carried out', () => {
    const early = later(NOW, 59_999);
    expect(afterFind(unknown, { kind: 'absent' }, at(early)).state).toEqual({
      ...{ kind: 'unknown', dueAt: SETTLED, attempts: 3, checks: 0, since: NOW },
    });
    expect(afterFind(unknown, { kind: 'absent' }, at(SETTLED))).toMatchObject({
      state: { kind: 'pending', dueAt: SETTLED, attempts: 3 },
      format: 'bare',
    });
  });

  test('where it may not look yet, it looks when it may, and nothing counts against the message', () => {
    const often = { ...unknown, checks: 50, othersSent: true };
    expect(afterFind(often, { kind: 'throttled', retryAfterMs: 7_000 }, at(NOW))).toMatchObject({
      state: { kind: 'unknown', dueAt: later(NOW, 7_000), checks: 50, since: NOW },
      aside: false,
    });
  });

  test('where nobody can ever tell, the operator decides, and only after that time', () => {
    expect(afterFind(unknown, blind, at(NOW, 'drop')).state).toMatchObject({ kind: 'unknown', dueAt: SETTLED });
    expect(afterFind(unknown, blind, at(SETTLED, 'repeat')).state).toMatchObject({ kind: 'pending', dueAt: SETTLED });
    expect(afterFind(unknown, blind, at(SETTLED, 'drop')).state).toEqual({
      ...{ kind: 'abandoned', reason: 'may be posted, nobody can tell: no scope', at: SETTLED },
    });
  });

  test('a platform that is away is asked again, ever later, for a day', () => {
    const waits: number[] = [];
    let now = NOW;
    let { state } = afterFind(unknown, away, at(now));
    while (state.kind === 'unknown') {
      waits.push((state.dueAt.getTime() - now.getTime()) / 1_000);
      now = state.dueAt;
      ({ state } = afterFind({ ...unknown, ...state }, away, at(now)));
    }
    expect(waits.slice(0, 9)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    expect(now.getTime() - NOW.getTime()).toBeGreaterThan(DAY_MS);
    expect(state.kind).toBe('pending');
  });
});

describe('after posting again where the platform drops a second copy', () => {
  const since = later(NOW, -10_000);
  const unknown: Unsettled = { ...tried(1), checks: 2, since };

  test('the message settles it; a failure does not say that the first request failed', () => {
    expect(afterRepeat(unknown, { kind: 'posted', messageId: 'm' }, NOW).state.kind).toBe('sent');
    expect(afterRepeat(unknown, unavailable, NOW).state).toMatchObject({ kind: 'unknown', attempts: 2, since });
    expect(afterRepeat(unknown, refused(), NOW)).toMatchObject({
      state: { kind: 'unknown', since },
      channelTrouble: 'not-a-member',
    });
    const throttled: PostOutcome = { kind: 'throttled', retryAfterMs: 9_000 };
    expect(afterRepeat(unknown, throttled, NOW)).toMatchObject({
      state: { kind: 'unknown', attempts: 1, dueAt: later(NOW, 9_000) },
      channelReadyAt: later(NOW, 9_000),
    });
  });

  test('a second lost request begins the wait anew', () => {
    const lost: PostOutcome = { kind: 'unknown', detail: 'reset' };
    expect(afterRepeat(unknown, lost, NOW).state).toMatchObject({ kind: 'unknown', since: NOW });
  });
});

describe('a message that does not get through', () => {
  test('is sent bare, and then steps aside, while others of its workspace get through', () => {
    const others = { othersSent: true };
    const verdicts = [4, 5, 6, 7].map((attempts) => afterAttempt(tried(attempts, others), unavailable, NOW));
    expect(verdicts.map(({ format }) => format)).toEqual(['card', 'card', 'bare', 'bare']);
    const bare = { ...others, format: 'bare' as const };
    expect([11, 12].map((attempts) => afterAttempt(tried(attempts, bare), unavailable, NOW).aside)).toEqual([
      false,
      true,
    ]);
  });

  test('keeps its place for as long as nothing gets through', () => {
    const attempts = Array.from({ length: 500 }, (_, index) => tried(index + 1, { format: 'bare' }));
    expect(attempts.some(stepsAside)).toBe(false);
    const verdict = afterAttempt(tried(50), unavailable, NOW);
    expect([verdict.format, verdict.aside]).toEqual(['card', false]);
  });

  test('steps aside too when it is lost again and again, and waits then', () => {
    const lost: Unsettled = { ...tried(12, { format: 'bare', othersSent: true }), checks: 0, since: LONG_AGO };
    const young = { ...lost, promisedAt: NOW };
    expect(afterFind(young, { kind: 'absent' }, { ...DEFAULT_SETTLING, now: NOW })).toMatchObject({
      state: { kind: 'pending', dueAt: later(NOW, 600_000) },
      aside: true,
    });
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
    aside: fc.boolean(),
    othersSent: fc.boolean(),
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
