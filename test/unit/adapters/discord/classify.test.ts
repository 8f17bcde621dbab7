import { describe, expect, test } from '@jest/globals';
import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { classify } from '../../../../adapters/discord/classify.js';
import { GateClosedError, WireError } from '../../../../adapters/discord/wire-error.js';

function refusal(status: number, code: number | undefined): DiscordAPIError {
  const raw = { code, message: 'unknown channel, missing permissions, invalid form body' };
  const known = code === undefined ? { error: 'html' } : { ...raw, code };
  return new DiscordAPIError(known, code ?? 'undefined', status, 'POST', 'http://local', {});
}

function rateLimit(retryAfter: number, timeToReset = 0): RateLimitError {
  return new RateLimitError({
    global: false,
    hash: 'h',
    limit: 5,
    majorParameter: 'm',
    method: 'POST',
    retryAfter,
    route: '/channels/:id/messages',
    scope: 'user',
    sublimitTimeout: 0,
    timeToReset,
    url: 'http://local',
  });
}

describe('what became of a message', () => {
  test.each([
    [404, 10003, { kind: 'refused', reason: 'channel-gone' }],
    [404, 10004, { kind: 'refused', reason: 'channel-gone' }],
    [403, 50001, { kind: 'refused', reason: 'not-allowed' }],
    [403, 50013, { kind: 'refused', reason: 'not-allowed' }],
    [400, 50083, { kind: 'refused', reason: 'not-allowed' }],
    [403, 99999, { kind: 'refused', reason: 'not-allowed' }],
    [401, 0, { kind: 'refused', reason: 'bad-credentials' }],
    [403, 50014, { kind: 'refused', reason: 'bad-credentials' }],
    [400, 50035, { kind: 'malformed', detail: 'status 400, code 50035' }],
    [400, 50006, { kind: 'malformed', detail: 'status 400, code 50006' }],
    [400, 50109, { kind: 'malformed', detail: 'status 400, code 50109' }],
    [413, 40005, { kind: 'malformed', detail: 'status 413, code 40005' }],
    [400, 240000, { kind: 'malformed', detail: 'status 400, code 240000' }],
    [400, 200000, { kind: 'malformed', detail: 'status 400, code 200000' }],
    [400, 99999, { kind: 'malformed', detail: 'status 400, code 99999' }],
    [400, 130000, { kind: 'unavailable', detail: 'status 400, code 130000' }],
    [403, undefined, { kind: 'unavailable', detail: 'status 403, code undefined' }],
    [404, undefined, { kind: 'unavailable', detail: 'status 404, code undefined' }],
  ])('status %d with code %p', (status, code, outcome) => {
    expect(classify(refusal(status, code))).toEqual(outcome);
  });

  test.each([
    [500, 'unknown'],
    [502, 'unavailable'],
    [503, 'unknown'],
    [504, 'unknown'],
  ])('status %d is %s', (status, kind) => {
    expect(classify(new HTTPError(status, 'x', 'POST', 'http://local', {})).kind).toBe(kind);
  });

  test('a request that never left may be sent again; one that may have been read may not', () => {
    expect(classify(new WireError('not-sent', 'ECONNREFUSED')).kind).toBe('unavailable');
    expect(classify(new WireError('unknown', 'ECONNRESET')).kind).toBe('unknown');
  });

  test('a limit says how long, and never less than a second', () => {
    expect(classify(rateLimit(7_000))).toEqual({ kind: 'throttled', retryAfterMs: 7_000 });
    expect(classify(rateLimit(0, 2_500))).toEqual({ kind: 'throttled', retryAfterMs: 2_500 });
    expect(classify(rateLimit(0))).toEqual({ kind: 'throttled', retryAfterMs: 1_000 });
  });

  test('a request held back on our side keeps the outcome it was held back for', () => {
    const outcome = { kind: 'throttled', retryAfterMs: 5 } as const;
    expect(classify(new GateClosedError(outcome))).toBe(outcome);
  });

  test('anything else is unknown, never a lost channel', () => {
    for (const thrown of [new Error('channel not found'), new TypeError('terminated'), 'text', null, undefined]) {
      expect(classify(thrown).kind).toBe('unknown');
    }
  });
});
