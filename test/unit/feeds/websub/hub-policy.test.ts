import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HubSubscription } from '../../../../src/feeds/websub/hub-store.js';
import { afterAsking, answerTo, readQuestion } from '../../../../src/feeds/websub/hub-policy.js';
import type { FeedId, HubSubscriptionId } from '../../../../src/ids.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const now = new Date('2026-03-02T00:00:00Z');
const after = (ms: number): Date => new Date(now.getTime() + ms);
const topic = 'https://blog.example/feed';

const standing: HubSubscription = {
  id: 'a' as HubSubscriptionId,
  feedId: 'b' as FeedId,
  hub: new URL('https://hub.example/'),
  topic: new URL(topic),
  baseUrl: new URL(topic),
  token: 't',
  secret: 's',
  state: 'asking',
  asked: 'subscribe',
};

const answered = (status: number, retryAfterMs: number | null = null) =>
  ({ kind: 'answered', status, retryAfterMs, location: null }) as const;

describe('how long to wait before a hub is asked again', () => {
  const waitMs = (attempts: number, reply: Parameters<typeof afterAsking>[1]) =>
    afterAsking({ mode: 'subscribe', attempts }, reply, now).dueAt.getTime() - now.getTime();

  test.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [5, 16],
    [6, 24],
    [1000, 24],
  ])('the %i. time it cannot be reached: %i hours', (attempts, hours) => {
    expect(waitMs(attempts, { kind: 'failed', reason: 'dns' })).toBe(hours * HOUR_MS);
    expect(waitMs(attempts, answered(503))).toBe(hours * HOUR_MS);
  });

  test('a refusal waits a day', () => {
    expect(waitMs(1, answered(400))).toBe(DAY_MS);
  });

  test('as long as it asks for, within a day', () => {
    expect(waitMs(1, answered(503, 5 * HOUR_MS))).toBe(5 * HOUR_MS);
    expect(waitMs(1, answered(503, 500 * HOUR_MS))).toBe(DAY_MS);
  });

  test('a hub that took the request and never verifies is asked again', () => {
    const next = afterAsking({ mode: 'subscribe', attempts: 1 }, answered(202), now);
    expect(next).toStrictEqual({ dueAt: after(HOUR_MS), over: false, trouble: null });
  });

  test('a goodbye is said three times at most, and once to a hub that knows nothing of it', () => {
    const over = (attempts: number, status: number) =>
      afterAsking({ mode: 'unsubscribe', attempts }, answered(status), now).over;
    expect([over(1, 202), over(2, 500), over(3, 202), over(1, 404)]).toStrictEqual([false, false, true, true]);
  });
});

describe('what a hub may ask', () => {
  const query = { 'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.challenge': 'c', 'hub.lease_seconds': '60' };

  test('a verification is read', () => {
    expect(readQuestion(query)).toStrictEqual({
      kind: 'verify',
      mode: 'subscribe',
      topic,
      challenge: 'c',
      leaseMs: 60_000,
    });
  });

  test.each([
    ['no mode', { 'hub.mode': undefined }],
    ['an unknown mode', { 'hub.mode': 'publish' }],
    ['no topic', { 'hub.topic': undefined }],
    ['no challenge', { 'hub.challenge': undefined }],
    ['an empty challenge', { 'hub.challenge': '' }],
    ['a parameter twice', { 'hub.topic': [topic, 'https://other.example/'] }],
  ])('%s is no question', (_what, over) => {
    expect(readQuestion({ ...query, ...over })).toBeNull();
  });

  test.each(['0', '-5', '1e9', 'forever', '', '99999999999999999999'])('a lease of "%s" is none', (seconds) => {
    expect(readQuestion({ ...query, 'hub.lease_seconds': seconds })).toMatchObject({ leaseMs: null });
  });
});

describe('what we agree to', () => {
  const verify = (over: object) =>
    answerTo(
      { kind: 'verify', mode: 'subscribe', topic, challenge: 'c', leaseMs: DAY_MS },
      { ...standing, ...over },
      now,
    );

  test('what we asked for, renewed at half the lease', () => {
    expect(verify({})).toStrictEqual({ kind: 'active', leaseUntil: after(DAY_MS), renewAt: after(DAY_MS / 2) });
  });

  test.each([
    ['nothing was asked', { asked: null }],
    ['the other was asked', { asked: 'unsubscribe', feedId: null }],
    ['the topic is another', { topic: new URL('https://blog.example/feed?x=1') }],
    ['the feed was removed meanwhile', { feedId: null }],
    ['the hub said no, and nothing was asked since', { state: 'denied', asked: null }],
  ])('not when %s', (_why, over) => {
    expect(verify(over)).toStrictEqual({ kind: 'refused' });
  });

  test('a hub may ask whether what stands still stands; that moves no lease', () => {
    expect(verify({ state: 'active', asked: null })).toStrictEqual({ kind: 'confirmed' });
  });

  test('we leave only where we said so', () => {
    const leave = (over: object) =>
      answerTo(
        { kind: 'verify', mode: 'unsubscribe', topic, challenge: 'c', leaseMs: null },
        { ...standing, ...over },
        now,
      ).kind;
    expect(leave({ state: 'active', asked: null })).toBe('refused');
    expect(leave({ state: 'active', asked: 'subscribe' })).toBe('refused');
    expect(leave({ state: 'active', asked: 'unsubscribe', feedId: null })).toBe('over');
  });

  test('a denial is tried again a week later', () => {
    expect(answerTo({ kind: 'denied', topic, reason: '' }, standing, now)).toStrictEqual({
      kind: 'denied',
      dueAt: after(7 * DAY_MS),
    });
  });

  test('whatever lease a hub names, it ends within thirty days and is renewed before, but not every second', () => {
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 1, max: 10 ** 12 }), { nil: null }), (leaseMs) => {
        const question = { kind: 'verify', mode: 'subscribe', topic, challenge: 'c', leaseMs } as const;
        const verdict = answerTo(question, standing, now);
        if (verdict.kind !== 'active') throw new Error(verdict.kind);
        const lasts = verdict.leaseUntil.getTime() - now.getTime();
        const renewed = verdict.renewAt.getTime() - now.getTime();
        expect(lasts).toBeLessThanOrEqual(30 * DAY_MS);
        expect(lasts).toBeLessThanOrEqual(leaseMs ?? Infinity);
        expect(renewed).toBeGreaterThanOrEqual(Math.max(lasts / 2, 5 * 60_000));
      }),
      // An odd number of milliseconds has no half.
      { examples: [[109_466_199]] },
    );
  });
});
