import { expect, test } from '@jest/globals';
import { NO_VALIDATORS } from '../../../src/feeds/feed.js';
import type { FetchFailure, FetchOutcome } from '../../../src/feeds/fetching/fetch-outcome.js';
import { pollTrouble } from '../../../src/feeds/poll-trouble.js';

const failure = (reason: FetchFailure, status: number | null = null): FetchOutcome => ({
  kind: 'failed',
  reason,
  status,
});

test('a person is told nothing while all is well', () => {
  expect(pollTrouble({ kind: 'unchanged', validators: NO_VALIDATORS, freshForMs: null, movedTo: null })).toBeNull();
});

test('a person is told what was answered and what to do', () => {
  expect(pollTrouble(failure('status', 404))).toBe('answered 404 Not Found: check the address');
  expect(pollTrouble(failure('status', 502))).toBe('answered 502 Bad Gateway: its server has trouble of its own');
  expect(pollTrouble(failure('status', 418))).toBe('answered 418: check the address');
  expect(pollTrouble(failure('challenge', 403))).toMatch(/human visitors/);
  expect(pollTrouble(failure('not-a-feed'))).toMatch(/^is a web page/);
  expect(pollTrouble({ kind: 'gone' })).toMatch(/410 Gone/);
  expect(pollTrouble({ kind: 'throttled', status: 429, retryAfterMs: null })).toMatch(/429 Too Many Requests/);
});
