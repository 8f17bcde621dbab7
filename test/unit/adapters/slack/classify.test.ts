import { describe, expect, test } from '@jest/globals';
import { webApi } from '@slack/bolt';
import { classify } from '../../../../adapters/slack/classify.js';

function answer(error: string, metadata: Record<string, unknown> = {}): unknown {
  return new webApi.WebAPIPlatformError({ ok: false, error, response_metadata: metadata });
}

function network(cause: unknown): unknown {
  return new webApi.WebAPIRequestError(new Error('the request failed', { cause }));
}

describe('what Slack answers', () => {
  test.each([
    ['channel_not_found', 'channel-gone'],
    ['is_archived', 'channel-gone'],
    ['messages_tab_disabled', 'channel-gone'],
    ['not_in_channel', 'not-a-member'],
    ['restricted_action_read_only_channel', 'not-allowed'],
    ['ekm_access_denied', 'not-allowed'],
    ['account_inactive', 'workspace-gone'],
    ['token_revoked', 'workspace-gone'],
    ['missing_scope', 'bad-credentials'],
    ['token_expired', 'bad-credentials'],
  ])('%s refuses: %s', (error, reason) => {
    expect(classify(answer(error))).toEqual({ kind: 'refused', reason });
  });

  test.each(['invalid_blocks', 'msg_blocks_too_long', 'msg_too_long', 'no_text', 'metadata_too_large'])(
    '%s is malformed',
    (error) => {
      expect(classify(answer(error))).toEqual({ kind: 'malformed', detail: error });
    },
  );

  test('malformed says which block', () => {
    const messages = ['[ERROR] must be shorter [json-pointer:/blocks/0/text]'];
    expect(classify(answer('invalid_blocks', { messages }))).toEqual({
      kind: 'malformed',
      detail: 'invalid_blocks; [ERROR] must be shorter [json-pointer:/blocks/0/text]',
    });
  });

  test.each(['fatal_error', 'internal_error', 'something_new'])('%s may have been posted', (error) => {
    expect(classify(answer(error))).toEqual({ kind: 'unknown', detail: error });
  });

  test('HTML is no name of an error, whatever it says', () => {
    expect(classify(answer('<html>channel_not_found</html>'))).toMatchObject({ kind: 'unknown' });
    expect(classify(answer(''))).toMatchObject({ kind: 'unknown' });
  });

  test.each(['ratelimited', 'rate_limited', 'message_limit_exceeded'])('%s waits as long as it says', (error) => {
    expect(classify(answer(error, { retryAfter: 5 }))).toEqual({ kind: 'throttled', retryAfterMs: 5_000 });
    expect(classify(answer(error))).toEqual({ kind: 'throttled', retryAfterMs: 30_000 });
  });

  test('429 waits as long as it says', () => {
    expect(classify(new webApi.WebAPIRateLimitedError(12))).toEqual({ kind: 'throttled', retryAfterMs: 12_000 });
  });

  test.each([
    [500, 'unknown'],
    [502, 'unknown'],
    [408, 'unknown'],
    [407, 'unavailable'],
    [413, 'unavailable'],
  ])('HTTP %i is %s', (status, kind) => {
    expect(classify(new webApi.WebAPIHTTPError(status, '', {}))).toEqual({ kind, detail: `HTTP ${String(status)}` });
  });
});

describe('what the network did', () => {
  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])(
    '%s: no connection, surely not posted',
    (code) => {
      expect(classify(network(Object.assign(new Error('x'), { code })))).toEqual({ kind: 'unavailable', detail: code });
    },
  );

  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])(
    '%s: may have been posted',
    (code) => {
      expect(classify(network(Object.assign(new Error('x'), { code })))).toEqual({ kind: 'unknown', detail: code });
    },
  );

  test('a code both sides of connecting can have is told apart by what was being done', () => {
    const late = (syscall: string): unknown => network(Object.assign(new Error('x'), { code: 'ETIMEDOUT', syscall }));
    expect(classify(late('connect'))).toEqual({ kind: 'unavailable', detail: 'ETIMEDOUT' });
    expect(classify(late('read'))).toEqual({ kind: 'unknown', detail: 'ETIMEDOUT' });
  });

  test('several addresses that all refuse are no connection', () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' });
    const both = Object.assign(new AggregateError([refused, refused]), { code: 'ECONNREFUSED' });
    expect(classify(network(both))).toEqual({ kind: 'unavailable', detail: 'ECONNREFUSED' });
  });

  test('a deadline that passed may have been too late to stop it', () => {
    expect(classify(network(new DOMException('x', 'TimeoutError')))).toEqual({
      kind: 'unknown',
      detail: 'TimeoutError',
    });
  });
});

test.each([[undefined], [null], ['text'], [new TypeError('x')], [{ code: 23 }]])('%p is unknown', (thrown) => {
  expect(classify(thrown)).toMatchObject({ kind: 'unknown' });
});
