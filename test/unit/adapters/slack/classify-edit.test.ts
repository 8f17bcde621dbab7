import { expect, test } from '@jest/globals';
import { classifyEdit } from '../../../../adapters/slack/classify-edit.js';

const answer = (error: string): object => ({ code: 'slack_webapi_platform_error', data: { ok: false, error } });

test.each(['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive'])(
  '%s ends the edit and says nothing about the channel',
  (name) => {
    expect(classifyEdit(answer(name))).toEqual({ kind: 'closed', reason: name });
  },
);

test('all else means for an edit what it means for a post', () => {
  expect(classifyEdit(answer('not_in_channel'))).toEqual({ kind: 'refused', reason: 'not-a-member' });
  expect(classifyEdit(answer('fatal_error'))).toEqual({ kind: 'unknown', detail: 'fatal_error' });
  expect(classifyEdit({ code: 'slack_webapi_rate_limited_error', retryAfter: 3 })).toEqual({
    kind: 'throttled',
    retryAfterMs: 3_000,
  });
  expect(classifyEdit(new TypeError('terminated'))).toMatchObject({ kind: 'unknown' });
});
