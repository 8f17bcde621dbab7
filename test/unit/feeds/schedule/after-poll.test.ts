import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { later } from '../../../../src/clock.js';
import { afterFailure, afterRead, afterUnchanged } from '../../../../src/feeds/schedule/after-poll.js';
import { validatorsToSend } from '../../../../src/feeds/schedule/conditions.js';
import { NO_HINTS, NO_VALIDATORS, type Feed } from '../../../../src/feeds/feed.js';
import type { Brought, PollRecord } from '../../../../src/feeds/feed-store.js';
import type { FetchOutcome } from '../../../../src/feeds/fetching/fetch-outcome.js';
import { restAfter } from '../../../../src/feeds/schedule/rest.js';
import { memoryFeed } from '../../../support/memory-stores.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const DAY = 86_400_000;
const BOTH = { etag: '"1"', lastModified: 'Sun, 01 Mar 2026 00:00:00 GMT' };
const NOTHING_NEW: Brought = { newSightings: 0, edited: 0, known: 3, gap: false };
const NEWS: Brought = { newSightings: 1, edited: 0, known: 3, gap: false };
const ELSEWHERE = new URL('https://y.example/feed');

const at = (now: Date) => ({ startedAt: now, now, random: 0 });
const feedWith = (rest: Partial<Feed> = {}): Feed => ({
  ...memoryFeed('https://x.example/feed'),
  primedAt: later(NOW, -30 * DAY),
  validators: BOTH,
  ...rest,
});

const fetched = (over: Partial<Extract<FetchOutcome, { kind: 'fetched' }>> = {}) => ({
  kind: 'fetched' as const,
  body: new Uint8Array(),
  contentType: null,
  validators: BOTH,
  freshForMs: null,
  url: new URL('https://x.example/feed'),
  movedTo: null,
  linkHeader: null,
  ...over,
});
const unchanged = (movedTo: URL | null = null) => ({
  kind: 'unchanged' as const,
  validators: BOTH,
  freshForMs: null,
  movedTo,
});
const read = (brought: Brought, cutOff = false) => ({ hints: NO_HINTS, cutOff, brought });

/** Polls one after another, an hour apart, each seeing what the last one left. */
function polls(count: number, poll: (feed: Feed, now: Date) => PollRecord, start = feedWith()): Feed {
  return Array.from({ length: count }).reduce<Feed>((feed, _, index) => {
    const { move, conditions, newAt, newShare, ...record } = poll(feed, later(NOW, index * 3_600_000));
    return { ...feed, ...record, move, conditions, newAt, newShare };
  }, start);
}

describe('what is sent to ask whether something changed', () => {
  const same = (feed: Feed, now: Date) => afterUnchanged(feed, fetched({ validators: feed.validators }), at(now));
  const sent = ({ validators, conditions }: Feed) => validatorsToSend(validators, conditions);

  test('the date alone once three whole answers on end were the same', () => {
    expect(sent(polls(2, same))).toEqual(BOTH);
    expect(sent(polls(3, same))).toEqual({ etag: null, lastModified: BOTH.lastModified });
  });

  test('what brings "not modified" is kept', () => {
    const dateOnly = polls(3, same);
    const kept = polls(1, (feed, now) => afterUnchanged(feed, unchanged(), at(now)), dateOnly);
    expect(kept.conditions).toEqual({ send: 'date-only', identical: 0, work: true });
    expect(sent(polls(2, same, kept))).toEqual({ etag: null, lastModified: BOTH.lastModified });
  });

  test('an origin that never says "not modified" is known for it, and still gets both', () => {
    const hopeless = polls(6, same);
    expect(hopeless.conditions.work).toBe(false);
    expect(sent(hopeless)).toEqual(BOTH);
    expect(polls(3, same, feedWith({ validators: { etag: '"1"', lastModified: null } })).conditions.work).toBe(false);
    expect(polls(3, same, feedWith({ validators: NO_VALIDATORS })).conditions.work).toBe(false);
  });

  test('documents that differ say nothing of it, unless they hold the same entries', () => {
    const differing = (brought: Brought) => (feed: Feed, now: Date) =>
      afterRead(feed, fetched(), read(brought), at(now));
    expect(polls(9, differing(NEWS)).conditions.work).toBeNull();
    expect(polls(9, differing({ ...NOTHING_NEW, edited: 1 })).conditions.work).toBeNull();
    expect(polls(6, differing(NOTHING_NEW)).conditions.work).toBe(false);
  });
});

describe('a feed that moved', () => {
  const moved =
    (movedTo: URL | null, brought = NEWS) =>
    (feed: Feed, now: Date) =>
      afterRead(feed, fetched({ movedTo }), read(brought), at(now));
  const nineTimes = () => polls(9, moved(ELSEWHERE));
  const aWeekLater = at(later(NOW, 7 * DAY));

  test('is adopted after ten polls in a week that held entries it had before', () => {
    const tenth = afterRead(nineTimes(), fetched({ movedTo: ELSEWHERE }), read(NEWS), aWeekLater);
    expect(tenth.adopt?.href).toBe(ELSEWHERE.href);
  });

  test('is not adopted too soon, without known entries, or from a document that broke off', () => {
    const soon = afterRead(nineTimes(), fetched({ movedTo: ELSEWHERE }), read(NEWS), at(later(NOW, 7 * DAY - 1)));
    const strange = read({ ...NEWS, known: 0 });
    expect(soon.adopt).toBeNull();
    expect(afterRead(nineTimes(), fetched({ movedTo: ELSEWHERE }), strange, aWeekLater).adopt).toBeNull();
    expect(afterRead(nineTimes(), fetched({ movedTo: ELSEWHERE }), read(NEWS, true), aWeekLater).adopt).toBeNull();
  });

  test('is not remembered at an address that could not be stored', () => {
    const endless = new URL(`https://y.example/${'x'.repeat(2_000)}`);
    expect(polls(1, moved(endless)).move).toBeNull();
  });

  test('counts from the start when it moves elsewhere or back; "not modified" counts too', () => {
    expect(polls(1, moved(null), nineTimes()).move).toBeNull();
    expect(polls(1, moved(new URL('https://z.example/')), nineTimes()).move?.polls).toBe(1);
    expect(polls(1, (feed, now) => afterUnchanged(feed, unchanged(ELSEWHERE), at(now)), nineTimes()).move?.polls).toBe(
      10,
    );
  });
});

describe('failures', () => {
  const failed = { kind: 'failed', reason: 'timeout', status: null } as const;
  const trouble = { text: 'did not answer in time', rest: null };

  test('keep the validators and what is known of the feed, and end with the next good poll', () => {
    const failing = polls(3, (feed, now) => afterFailure(feed, failed, trouble, at(now)));
    expect(failing).toMatchObject({ failures: 3, failingSince: NOW, validators: BOTH, newAt: [] });
    expect(afterUnchanged(failing, unchanged(), at(NOW))).toMatchObject({
      failures: 0,
      failingSince: null,
      trouble: null,
    });
  });

  test('"gone" counts only while it is said each time', () => {
    const gone = polls(1, (feed, now) => afterFailure(feed, { kind: 'gone' }, trouble, at(now)));
    expect(gone.goneSince).toEqual(NOW);
    const aDayLater = at(later(NOW, DAY));
    expect(afterFailure(gone, { kind: 'gone' }, trouble, aDayLater).nextPollAt).toBeNull();
    expect(afterFailure(gone, failed, trouble, aDayLater)).toMatchObject({ goneSince: null });
  });

  test('a pause that was asked for is kept, for whom it was asked', () => {
    const alone = { restingFeeds: 0, throttledOrigins: 0 };
    const said = (status: number, retryAfterMs: number | null) =>
      ({ kind: 'throttled', status, retryAfterMs }) as const;
    const hour = later(NOW, 3_600_000);
    expect(restAfter(said(429, 3_600_000), alone, NOW)).toEqual({ of: 'origin', until: hour });
    expect(restAfter(said(429, null), alone, NOW)).toEqual({ of: 'origin', until: later(NOW, 4 * 3_600_000) });
    expect(restAfter(said(429, 3_600_000), { ...alone, throttledOrigins: 1 }, NOW)).toMatchObject({ of: 'domain' });
    expect(restAfter(said(503, 3_600_000), { ...alone, restingFeeds: 1 }, NOW)).toEqual({ of: 'feed', until: hour });
    expect(restAfter(said(503, 3_600_000), { ...alone, restingFeeds: 2 }, NOW)).toMatchObject({ of: 'origin' });
    expect(restAfter(said(503, null), alone, NOW)).toBeNull();
    const rest = { of: 'origin', until: later(NOW, 20 * 3_600_000) } as const;
    expect(afterFailure(feedWith(), said(429, null), { text: '', rest }, at(NOW)).nextPollAt).toEqual(rest.until);
  });
});

describe('the memory of news', () => {
  test('holds the last 21 polls that brought any, and no backlog', () => {
    const brought = (each: Brought) => (feed: Feed, now: Date) => afterRead(feed, fetched(), read(each), at(now));
    expect(polls(30, brought(NEWS)).newAt).toHaveLength(21);
    expect(polls(30, brought(NEWS)).newAt.at(-1)).toEqual(later(NOW, 29 * 3_600_000));
    expect(polls(5, brought(NOTHING_NEW)).newAt).toEqual([]);
    expect(polls(1, brought(NEWS), feedWith({ primedAt: null })).newAt).toEqual([]);
    expect(polls(1, brought({ ...NEWS, gap: true })).gapAt).toEqual(NOW);
  });

  test('the share of polls with news stays a share and follows the latest', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (history) => {
        const feed = history.reduce<Feed>((before, isNew, index) => {
          const now = later(NOW, index * 3_600_000);
          const record = afterRead(before, fetched(), read(isNew ? NEWS : NOTHING_NEW), at(now));
          return { ...before, newShare: record.newShare };
        }, feedWith());
        expect(feed.newShare).toBeGreaterThanOrEqual(history.at(-1) ? 0.2 : 0);
        expect(feed.newShare).toBeLessThanOrEqual(history.at(-1) ? 1 : 0.8);
      }),
    );
  });
});
