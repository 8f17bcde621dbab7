import { createHmac } from 'node:crypto';
import type { ReplyBox, ReplyBoxes } from './replies.js';
import type { SocketModeServer } from './socket-mode-server.js';
import { CHANNELS, SIGNING_SECRET, TEAM_ID } from './workspace.js';

export interface CommandToSend {
  readonly text: string;
  /** `/tidings` by default. */
  readonly command?: string;
  readonly channelId?: string;
  /** Where the app listens; null to send it over Socket Mode. */
  readonly url: string | null;
  readonly signature?: 'good' | 'bad' | 'old' | 'none';
}

export interface PressToSend extends Omit<CommandToSend, 'text' | 'command'> {
  /** The value of the button. */
  readonly value: string;
  /** Whether the message that holds the button was for one person. */
  readonly isEphemeral: boolean;
  /** `overflow` is an entry of a menu. A button if not given. */
  readonly element?: 'button' | 'overflow';
}

export interface Sent {
  /** HTTP status of the acknowledgement; 200 for one over Socket Mode; null if none came within 3 s. */
  readonly status: number | null;
  readonly ackedAfterMs: number;
  readonly replies: ReplyBox;
}

type Fields = Readonly<Record<string, unknown>>;

export function commandBody(
  { text, command = '/tidings', channelId = CHANNELS.news }: CommandToSend,
  responseUrl: string,
): Fields {
  return {
    token: 'deprecated',
    team_id: TEAM_ID,
    team_domain: 'example',
    channel_id: channelId,
    channel_name: 'news',
    user_id: 'U0000000001',
    user_name: 'ann',
    command,
    text,
    api_app_id: 'A0000000APP',
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: '1.2.3',
  };
}

export function pressBody(press: PressToSend, responseUrl: string): Fields {
  const { value, isEphemeral, channelId = CHANNELS.news, element = 'button' } = press;
  const container = { type: 'message', message_ts: '1.000001', channel_id: channelId, is_ephemeral: isEphemeral };
  const text = { type: 'plain_text', text: 'More', emoji: false };
  return {
    type: 'block_actions',
    team: { id: TEAM_ID, domain: 'example' },
    user: { id: 'U0000000001', username: 'ann', name: 'ann', team_id: TEAM_ID },
    channel: { id: channelId, name: 'news' },
    container,
    api_app_id: 'A0000000APP',
    token: 'deprecated',
    trigger_id: '1.2.3',
    response_url: responseUrl,
    actions: [
      {
        ...{ type: element, action_id: 'tidings-0', block_id: 'b', action_ts: '1.0' },
        ...(element === 'button' ? { value, text } : { selected_option: { text, value } }),
      },
    ],
  };
}

export type Sender = (
  type: Envelope,
  how: Pick<CommandToSend, 'url' | 'signature'>,
  bodyFor: (responseUrl: string) => Fields,
) => Promise<Sent>;

type Envelope = 'slash_commands' | 'interactive';

/** Sends commands and presses as Slack does: signed over HTTP, or through the open socket. */
export function createSender(socketMode: SocketModeServer, boxes: ReplyBoxes, origin: () => string): Sender {
  return async (type, { url, signature = 'good' }, bodyFor) => {
    const replies = boxes.open();
    const body = bodyFor(`${origin()}/${replies.id}`);
    if (url !== null) return { ...(await postSigned(url, formOf(type, body), signature)), replies };
    const ackedAfterMs = await socketMode.send(type, body);
    return { status: ackedAfterMs === null ? null : 200, ackedAfterMs: ackedAfterMs ?? Infinity, replies };
  };
}

function formOf(type: Envelope, body: Fields): string {
  const fields = type === 'interactive' ? { payload: JSON.stringify(body) } : body;
  return new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
async function postSigned(
  url: string,
  body: string,
  signature: NonNullable<CommandToSend['signature']>,
): Promise<{ status: number | null; ackedAfterMs: number }> {
  const seconds = Math.floor(Date.now() / 1_000) - (signature === 'old' ? 301 : 0);
  const secret = signature === 'bad' ? 'not the secret' : SIGNING_SECRET;
  const hash = createHmac('sha256', secret)
    .update(`v0:${String(seconds)}:${body}`)
    .digest('hex');
  const signed = { 'x-slack-request-timestamp': String(seconds), 'x-slack-signature': `v0=${hash}` };
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const since = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: signature === 'none' ? type : { ...type, ...signed },
    body,
    signal: AbortSignal.timeout(3_000),
  }).catch(() => null);
  await response?.text();
  return { status: response?.status ?? null, ackedAfterMs: performance.now() - since };
}
