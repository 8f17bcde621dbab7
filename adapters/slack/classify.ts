import type { PostOutcome, RefusalReason } from '../../src/chat/post-outcome.js';

/** A 429 that does not say how long: long enough not to be asked again for pushing. */
export const THROTTLE_FLOOR_MS = 30_000;

/**
 * What the names that Slack answers mean for one message.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const REFUSALS: Readonly<Record<RefusalReason, readonly string[]>> = {
  // `channel_not_found` is also the answer for a private channel without us: somebody may invite us again.
  'channel-gone': ['channel_not_found', 'is_archived', 'is_inactive', 'messages_tab_disabled'],
  'not-a-member': ['not_in_channel', 'user_not_in_channel'],
  'not-allowed': [
    'access_denied',
    'as_user_not_supported',
    'ekm_access_denied',
    'no_permission',
    'restricted_action',
    'restricted_action_non_threadable_channel',
    'restricted_action_read_only_channel',
    'restricted_action_thread_locked',
    'restricted_action_thread_only_channel',
  ],
  'workspace-gone': [
    'account_inactive',
    'app_access_restricted',
    'team_access_not_granted',
    'team_disabled',
    'team_not_found',
    'token_revoked',
    'user_removed_from_team',
  ],
  'bad-credentials': ['invalid_auth', 'missing_scope', 'not_allowed_token_type', 'not_authed', 'token_expired'],
};

const MALFORMED: readonly string[] = [
  'cannot_reply_to_message',
  'cant_update_message',
  'edit_window_closed',
  'invalid_arg_name',
  'invalid_arguments',
  'invalid_array_arg',
  'invalid_attachments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'invalid_thread_ts',
  'markdown_text_conflict',
  'message_not_found',
  'metadata_must_be_sent_from_app',
  'metadata_too_large',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'thread_not_found',
  'too_many_attachments',
];

const THROTTLED: readonly string[] = ['ratelimited', 'rate_limited', 'message_limit_exceeded', 'accesslimited'];

/** Slack did not begin: it is busy elsewhere, or the request did not reach it whole. */
const UNAVAILABLE: readonly string[] = [
  'org_login_required',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
];

/** Codes of Node and undici for a connection that was never made. */
const NEVER_CONNECTED: readonly string[] = [
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** What a rejected call to Slack says about one message. Whatever is not known for sure is `unknown`. */
export function classify(error: unknown): PostOutcome {
  switch (property(error, 'code')) {
    case 'slack_webapi_rate_limited_error':
      return throttled(property(error, 'retryAfter'));
    case 'slack_webapi_platform_error':
      return classifyAnswer(property(error, 'data'));
    case 'slack_webapi_http_error':
      return classifyStatus(property(error, 'statusCode'));
    case 'slack_webapi_request_error':
      return classifyNetwork(property(error, 'original'));
    default:
      return { kind: 'unknown', detail: nameOf(error) };
  }
}

function classifyAnswer(data: unknown): PostOutcome {
  const name = property(data, 'error');
  // A proxy's page of HTML ends up in the same place as Slack's names.
  if (typeof name !== 'string' || !/^\w{1,80}$/.test(name))
    return { kind: 'unknown', detail: 'not an answer of Slack' };
  const reason = refusalFor(name);
  if (reason) return { kind: 'refused', reason };
  if (THROTTLED.includes(name)) return throttled(property(property(data, 'response_metadata'), 'retryAfter'));
  if (MALFORMED.includes(name)) return { kind: 'malformed', detail: withMessages(name, data) };
  if (UNAVAILABLE.includes(name)) return { kind: 'unavailable', detail: name };
  return { kind: 'unknown', detail: name };
}

function refusalFor(name: string): RefusalReason | null {
  const found = Object.entries(REFUSALS).find(([, names]) => names.includes(name));
  return found ? (found[0] as RefusalReason) : null;
}

/** Slack says which block it disliked in `response_metadata.messages`. */
function withMessages(name: string, data: unknown): string {
  const messages = property(property(data, 'response_metadata'), 'messages');
  return Array.isArray(messages) ? [name, ...messages.map(String)].join('; ').slice(0, 300) : name;
}

function throttled(retryAfterS: unknown): PostOutcome {
  const known = typeof retryAfterS === 'number' && Number.isFinite(retryAfterS) && retryAfterS > 0;
  return { kind: 'throttled', retryAfterMs: known ? retryAfterS * 1_000 : THROTTLE_FLOOR_MS };
}

/** A 4xx was turned away before it was carried out (RFC 9110, section 15.5); a 408 and any 5xx may not have been. */
function classifyStatus(status: unknown): PostOutcome {
  const refused = typeof status === 'number' && status >= 400 && status < 500 && status !== 408;
  return { kind: refused ? 'unavailable' : 'unknown', detail: `HTTP ${String(status)}` };
}

function classifyNetwork(original: unknown): PostOutcome {
  const cause = property(original, 'cause') ?? original;
  return { kind: neverConnected(cause) ? 'unavailable' : 'unknown', detail: nameOf(cause) };
}

function neverConnected(cause: unknown): boolean {
  const attempts = property(cause, 'errors');
  if (Array.isArray(attempts) && attempts.length > 0) return attempts.every(neverConnected);
  const code = property(cause, 'code');
  return property(cause, 'syscall') === 'connect' || (typeof code === 'string' && NEVER_CONNECTED.includes(code));
}

function nameOf(error: unknown): string {
  const names = [property(error, 'code'), property(error, 'name')];
  return names.find((name) => typeof name === 'string') ?? 'a failure without a name';
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
