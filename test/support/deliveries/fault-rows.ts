import { FAULTS, type DiscordFault } from '../discord/faults.js';
import type { SlackFault } from '../slack/faults.js';

/** Carried out 30 s after the client gave up. */
const LATE_MS = 42_000;

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/** What one post meets, and when it must have arrived, in seconds after the promise. */
export interface FaultRow<Fault> {
  readonly name: string;
  readonly fault: Fault;
  /** Requests that meet it; those after them are carried out. */
  readonly times?: number;
  readonly withinS: number;
  /** Posts on the wire for this delivery, where that is part of the promise. */
  readonly posts?: number;
}

const error = (name: string, retryAfterS?: number): SlackFault => ({
  kind: 'error',
  error: name,
  ...(retryAfterS === undefined ? {} : { retryAfterS }),
});
const broken = (how: Extract<SlackFault, { kind: 'broken' }>['how']): SlackFault => ({ kind: 'broken', how });

/** Names that say nothing about the channel for ever: it waits, and comes back. */
const SLACK_REFUSALS = [
  ...['channel_not_found', 'is_archived', 'messages_tab_disabled'],
  ...['not_in_channel', 'restricted_action', 'no_permission', 'ekm_access_denied', 'access_denied'],
  ...['account_inactive', 'token_revoked', 'invalid_auth', 'not_authed', 'app_access_restricted'],
  ...['token_expired', 'missing_scope', 'not_allowed_token_type'],
];
const SLACK_PAYLOAD = [
  ...['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long', 'no_text'],
  ...['markdown_text_conflict', 'too_many_attachments', 'metadata_too_large', 'invalid_metadata_format'],
];
const SLACK_TRANSIENT = [
  ...['ratelimited', 'rate_limited', 'message_limit_exceeded', 'service_unavailable', 'request_timeout'],
  ...['team_added_to_org', 'org_login_required', 'accesslimited'],
];

export const SLACK_ROWS: readonly FaultRow<SlackFault>[] = [
  { name: '429 with Retry-After', fault: { kind: 'throttled', retryAfterS: 7 }, withinS: MINUTE_S, posts: 2 },
  { name: '429 without Retry-After', fault: { kind: 'throttled', retryAfterS: null }, withinS: 3 * MINUTE_S, posts: 2 },
  { name: 'ratelimited in a 200, with seconds', fault: error('ratelimited', 3), withinS: MINUTE_S, posts: 2 },
  { name: 'HTTP 400', fault: { kind: 'status', status: 400 }, withinS: 5 * MINUTE_S, posts: 2 },
  { name: 'HTTP 404', fault: { kind: 'status', status: 404 }, withinS: 5 * MINUTE_S, posts: 2 },
  { name: 'a redirect', fault: { kind: 'status', status: 302 }, withinS: 10 * MINUTE_S, posts: 2 },
  { name: '5xx before the work', fault: { kind: 'status', status: 500 }, withinS: 10 * MINUTE_S, posts: 2 },
  { name: '5xx after the work', fault: { kind: 'status', status: 503, after: true }, withinS: 10 * MINUTE_S, posts: 1 },
  { name: '200 with HTML', fault: { kind: 'html' }, withinS: 10 * MINUTE_S, posts: 2 },
  { name: 'a reset before the work', fault: broken('reset'), withinS: 10 * MINUTE_S, posts: 2 },
  { name: 'a reset after the work', fault: broken('reset-after'), withinS: 10 * MINUTE_S, posts: 1 },
  { name: 'a body cut off', fault: broken('cut-body-after'), withinS: 10 * MINUTE_S, posts: 1 },
  { name: 'a body that stalls', fault: broken('stalled-body-after'), withinS: 10 * MINUTE_S, posts: 1 },
  { name: 'an answer that never comes', fault: broken('no-answer-after'), withinS: 10 * MINUTE_S, posts: 1 },
  { name: 'carried out late', fault: { kind: 'late', byMs: LATE_MS }, withinS: 10 * MINUTE_S, posts: 1 },
  { name: 'fatal_error', fault: error('fatal_error'), withinS: 10 * MINUTE_S, posts: 2 },
  { name: 'internal_error', fault: error('internal_error'), withinS: 10 * MINUTE_S, posts: 2 },
  { name: 'an error nobody knows', fault: error('moon_phase'), withinS: 10 * MINUTE_S, posts: 2 },
  ...SLACK_TRANSIENT.map((name) => ({ name, fault: error(name), withinS: 5 * MINUTE_S, posts: 2 })),
  ...SLACK_PAYLOAD.map((name) => ({ name, fault: error(name), withinS: MINUTE_S, posts: 2 })),
  ...SLACK_REFUSALS.map((name) => ({ name, fault: error(name), times: 3, withinS: 3 * HOUR_S })),
];

const code = (status: number, jsonCode: number): DiscordFault => ({
  kind: 'answer',
  status,
  body: { message: 'no', code: jsonCode },
});

export const DISCORD_ROWS: readonly FaultRow<DiscordFault>[] = [
  { name: '429 with headers', fault: FAULTS.limitedFor7s, withinS: MINUTE_S, posts: 2 },
  { name: '429 for everything', fault: FAULTS.limitedGloballyFor2s, withinS: MINUTE_S, posts: 2 },
  { name: '429 of Cloudflare, no headers', fault: FAULTS.limitedWithoutHeaders, withinS: 5 * MINUTE_S, posts: 2 },
  { name: '429 of Cloudflare for 18 hours', fault: FAULTS.bannedFor66271s, withinS: 20 * HOUR_S, posts: 2 },
  { name: '5xx before the work', fault: FAULTS.serverError, withinS: 10 * MINUTE_S },
  { name: '5xx after the work', fault: FAULTS.errorAfterTheWork, withinS: 10 * MINUTE_S },
  { name: '502', fault: FAULTS.badGateway, withinS: 5 * MINUTE_S, posts: 2 },
  { name: '504', fault: FAULTS.gatewayTimeout, withinS: 10 * MINUTE_S },
  { name: '200 with HTML', fault: FAULTS.htmlPage, withinS: 10 * MINUTE_S },
  { name: 'a reset before the work', fault: FAULTS.resetBefore, withinS: 10 * MINUTE_S },
  { name: 'a reset after the work', fault: FAULTS.lostAnswer, withinS: 10 * MINUTE_S },
  { name: 'a body cut off', fault: FAULTS.cutBody, withinS: 10 * MINUTE_S },
  { name: 'a body that stalls', fault: FAULTS.stalledBody, withinS: 10 * MINUTE_S },
  { name: 'an answer that never comes', fault: FAULTS.silence, withinS: 10 * MINUTE_S },
  { name: 'carried out late', fault: { kind: 'late', byMs: LATE_MS }, withinS: 10 * MINUTE_S },
  { name: 'a proxy that forbids', fault: FAULTS.forbiddenByProxy, withinS: 10 * MINUTE_S, posts: 2 },
  ...[50035, 50006, 50109, 40005, 240000, 200000].map((jsonCode) => ({
    name: `code ${String(jsonCode)}`,
    fault: code(400, jsonCode),
    withinS: MINUTE_S,
    posts: 2,
  })),
  ...[20016, 20028, 20029, 40062, 110001, 130000].map((jsonCode) => ({
    name: `code ${String(jsonCode)}`,
    fault: code(jsonCode < 100_000 ? 429 : 503, jsonCode),
    withinS: 10 * MINUTE_S,
  })),
  ...[
    [404, 10003],
    [404, 10004],
    [403, 50001],
    [403, 50013],
    [403, 50101],
    [403, 160005],
  ].map(([status = 0, jsonCode = 0]) => ({
    name: `code ${String(jsonCode)}`,
    fault: code(status, jsonCode),
    times: 3,
    withinS: 3 * HOUR_S,
  })),
];
