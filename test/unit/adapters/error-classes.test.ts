import { describe, expect, test } from '@jest/globals';
import { DiscordAPIError, HTTPError } from 'discord.js';
import { classify as classifyDiscord } from '../../../adapters/discord/classify.js';
import { classify as classifySlack } from '../../../adapters/slack/classify.js';
import type { PostOutcome } from '../../../src/chat/post-outcome.js';

/** The outcome's kind, and the reason of a refusal. */
function classOf(outcome: PostOutcome): string {
  return outcome.kind === 'refused' ? outcome.reason : outcome.kind;
}

const SLACK: Readonly<Record<string, readonly string[]>> = {
  'channel-gone': ['channel_not_found', 'is_archived', 'messages_tab_disabled'],
  'not-a-member': ['not_in_channel'],
  'not-allowed': ['restricted_action', 'restricted_action_read_only_channel', 'restricted_action_thread_only_channel']
    .concat(['restricted_action_non_threadable_channel', 'restricted_action_thread_locked'])
    .concat(['no_permission', 'ekm_access_denied', 'access_denied']),
  'workspace-gone': ['account_inactive', 'token_revoked', 'invalid_auth', 'not_authed', 'app_access_restricted'],
  'bad-credentials': ['token_expired', 'missing_scope', 'not_allowed_token_type'],
  malformed: ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long', 'no_text']
    .concat(['markdown_text_conflict', 'too_many_attachments', 'metadata_too_large'])
    .concat(['invalid_metadata_format', 'invalid_metadata_schema'])
    .concat(['message_not_found', 'cant_update_message', 'edit_window_closed']),
  throttled: ['ratelimited', 'rate_limited', 'message_limit_exceeded', 'accesslimited'],
  unavailable: ['service_unavailable', 'request_timeout', 'team_added_to_org', 'org_login_required'],
  unknown: ['fatal_error', 'internal_error', 'an_error_of_tomorrow', '<html>'],
};

const DISCORD: Readonly<Record<string, readonly (readonly [status: number, code: number])[]>> = {
  'channel-gone': [
    [404, 10003],
    [404, 10004],
    [404, 10015],
    [401, 50027],
  ],
  'not-allowed': [50001, 50013, 50101, 50008, 50024, 40067, 50083, 160005, 50007, 50278].map((code) => [403, code]),
  malformed: [50035, 50006, 50109, 40005, 240000, 200000].map((code) => [400, code]),
  'bad-credentials': [
    [401, 0],
    [403, 50014],
  ],
  unavailable: [20016, 20028, 20029, 40062, 110001, 130000].map((code) => [400, code]),
};

describe('each error of Slack has its class', () => {
  test.each(Object.entries(SLACK).flatMap(([name, errors]) => errors.map((error) => [error, name])))(
    '%s is %s',
    (error, name) => {
      const thrown = { code: 'slack_webapi_platform_error', data: { ok: false, error } };
      expect(classOf(classifySlack(thrown))).toBe(name);
    },
  );
});

describe('each error of Discord has its class', () => {
  const rows = Object.entries(DISCORD).flatMap(([name, errors]) =>
    errors.map(([status, code]) => [status, code, name] as const),
  );
  test.each(rows)('%d with code %d is %s', (status, code, name) => {
    const thrown = new DiscordAPIError({ code, message: 'x' }, code, status, 'POST', 'http://local', {});
    expect(classOf(classifyDiscord(thrown))).toBe(name);
  });
  test.each([
    [500, 'unknown'],
    [502, 'unavailable'],
    [504, 'unknown'],
  ])('status %d without a code is %s', (status, name) => {
    expect(classOf(classifyDiscord(new HTTPError(status, 'x', 'POST', 'http://local', {})))).toBe(name);
  });
});
