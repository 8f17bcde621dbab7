import { blockTrouble, isJson, parsed } from './block-rules.js';

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isMember: boolean;
  readonly isArchived: boolean;
}

export interface SlackMessage {
  readonly ts: string;
  /** Of the message in whose thread it stands; null in the channel itself. */
  readonly threadTs: string | null;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly metadata: unknown;
  readonly clientMsgId: string | null;
  readonly edited: boolean;
}

/** One workspace, as the Web API sees it. */
export interface Workspace {
  readonly teamId: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly channels: readonly SlackChannel[];
  readonly messages: Map<string, SlackMessage[]>;
  readonly nextTs: () => string;
  /** Where the next Socket Mode connection goes. */
  readonly socketUrl: () => string;
}

export type Params = Readonly<Record<string, string>>;
export type Answer = Readonly<Record<string, unknown>> & { readonly ok: boolean };

type Method = (workspace: Workspace, params: Params) => Answer;

const COMMON = ['token', 'team_id'];
const CONTENT = [
  'channel',
  'text',
  'blocks',
  'attachments',
  'parse',
  'link_names',
  'metadata',
  'reply_broadcast',
  'as_user',
  'markdown_text',
  'file_ids',
];

/** Each method with the arguments its reference page names; `client_msg_id` is known from its errors alone. */
const METHODS: Readonly<Record<string, { readonly run: Method; readonly takes: readonly string[] }>> = {
  'auth.test': { run: authTest, takes: [] },
  'chat.postMessage': {
    run: postMessage,
    takes: [
      ...CONTENT,
      'unfurl_links',
      'unfurl_media',
      'thread_ts',
      'mrkdwn',
      'username',
      'icon_url',
      'icon_emoji',
      'client_msg_id',
    ],
  },
  'chat.update': { run: update, takes: [...CONTENT, 'ts'] },
  'conversations.history': {
    run: history,
    takes: ['channel', 'cursor', 'include_all_metadata', 'inclusive', 'latest', 'limit', 'oldest'],
  },
  'conversations.replies': {
    run: replies,
    takes: ['channel', 'ts', 'cursor', 'include_all_metadata', 'inclusive', 'latest', 'limit', 'oldest'],
  },
  'conversations.info': { run: conversationsInfo, takes: ['channel', 'include_locale', 'include_num_members'] },
  'apps.connections.open': { run: ({ socketUrl }) => ({ ok: true, url: socketUrl() }), takes: [] },
};

/** Carries out one call, as Slack would. */
export function callMethod(workspace: Workspace, name: string, call: { token: string | null; params: Params }): Answer {
  const method = METHODS[name];
  if (!method) return failure('unknown_method');
  const denied = tokenTrouble(workspace, name, call.token);
  if (denied !== null) return failure(denied);
  const unknown = Object.keys(call.params).filter((key) => ![...COMMON, ...method.takes].includes(key));
  if (unknown.length > 0)
    return failure(
      'invalid_arguments',
      unknown.map((key) => `[ERROR] unknown argument ${key}`),
    );
  return method.run(workspace, call.params);
}

function tokenTrouble({ botToken, appToken }: Workspace, name: string, token: string | null): string | null {
  if (token === null) return 'not_authed';
  if (token !== botToken && token !== appToken) return 'invalid_auth';
  const wanted = name === 'apps.connections.open' ? appToken : botToken;
  return token === wanted ? null : 'not_allowed_token_type';
}

function failure(error: string, messages: readonly string[] = []): Answer {
  return { ok: false, error, ...(messages.length > 0 ? { response_metadata: { messages } } : {}) };
}

function authTest({ teamId }: Workspace): Answer {
  const ids = { team_id: teamId, user_id: 'U0000000BOT', bot_id: 'B0000000BOT' };
  return { ok: true, url: 'https://example.slack.com/', team: 'Example', user: 'tidings', ...ids };
}

function conversationsInfo(workspace: Workspace, { channel: id = '' }: Params): Answer {
  const channel = workspace.channels.find((one) => one.id === id);
  if (!channel) return failure('channel_not_found');
  const { name, isPrivate, isMember, isArchived } = channel;
  return { ok: true, channel: { id, name, is_private: isPrivate, is_member: isMember, is_archived: isArchived } };
}

function postMessage(workspace: Workspace, params: Params): Answer {
  const { channel: id = '' } = params;
  const trouble = channelTrouble(workspace, id) ?? contentTrouble(params);
  if (trouble) return trouble;
  const threadTs = params['thread_ts'] ?? null;
  const lost = threadTs === null ? null : threadTrouble(workspace.messages.get(id) ?? [], threadTs);
  if (lost !== null) return failure(lost);
  const message = { ...content(params), ts: workspace.nextTs(), threadTs, edited: false };
  workspace.messages.set(id, [...(workspace.messages.get(id) ?? []), message]);
  return { ok: true, channel: id, ts: message.ts, message: onTheWire(message, true) };
}

/** A thread hangs on a message that stands in the channel itself. */
function threadTrouble(messages: readonly SlackMessage[], threadTs: string): string | null {
  if (!/^\d+\.\d{6}$/.test(threadTs)) return 'invalid_thread_ts';
  const root = messages.find(({ ts }) => ts === threadTs);
  if (!root) return 'thread_not_found';
  return root.threadTs === null ? null : 'cannot_reply_to_message';
}

function update(workspace: Workspace, params: Params): Answer {
  const { channel: id = '', ts = '', text = '' } = params;
  const all = workspace.messages.get(id) ?? [];
  const old = all.find((message) => message.ts === ts);
  const trouble =
    channelTrouble(workspace, id) ?? (text.length > 4_000 ? failure('msg_too_long') : null) ?? contentTrouble(params);
  if (trouble) return trouble;
  if (!old) return failure('message_not_found');
  const edited = editedMessage(old, params);
  workspace.messages.set(
    id,
    all.map((message) => (message === old ? edited : message)),
  );
  return { ok: true, channel: id, ts, text };
}

/** What an update does not name, it keeps. */
function editedMessage(old: SlackMessage, params: Params): SlackMessage {
  const { text, blocks, metadata } = content(params);
  return {
    ...old,
    text,
    edited: true,
    blocks: params['blocks'] === undefined ? old.blocks : blocks,
    metadata: params['metadata'] === undefined ? old.metadata : metadata,
  };
}

/** The channel itself, newest first: what stands in threads is not in it. */
function history(workspace: Workspace, params: Params): Answer {
  const messages = workspace.messages.get(params['channel'] ?? '') ?? [];
  return listOf(workspace, params, messages.filter(({ threadTs }) => threadTs === null).reverse());
}

/** A thread, its root first. */
function replies(workspace: Workspace, params: Params): Answer {
  const { channel: id = '', ts: root = '' } = params;
  const thread = (workspace.messages.get(id) ?? []).filter(({ ts, threadTs }) => ts === root || threadTs === root);
  if (!historyTrouble(workspace, id) && !thread.some(({ ts }) => ts === root)) return failure('thread_not_found');
  return listOf(workspace, params, thread);
}

function listOf(workspace: Workspace, params: Params, messages: readonly SlackMessage[]): Answer {
  const { channel: id = '', oldest = '0' } = params;
  const page = pageOf(params);
  const trouble = historyTrouble(workspace, id) ?? page.trouble;
  if (trouble !== null) return failure(trouble);
  const all = messages.filter(({ ts }) => Number(ts) > Number(oldest));
  const more = page.to < all.length;
  const withMetadata = params['include_all_metadata'] === 'true';
  return {
    ok: true,
    messages: all.slice(page.from, page.to).map((message) => onTheWire(message, withMetadata)),
    has_more: more,
    ...(more ? { response_metadata: { next_cursor: Buffer.from(String(page.to)).toString('base64') } } : {}),
  };
}

function historyTrouble({ channels }: Workspace, id: string): string | null {
  const channel = channels.find((one) => one.id === id);
  if (!channel) return 'channel_not_found';
  return channel.isMember ? null : 'not_in_channel';
}

function pageOf({ limit = '100', cursor = '' }: Params): { from: number; to: number; trouble: string | null } {
  const most = Number(limit);
  const from = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString());
  if (!(most >= 1 && most <= 999)) return { from: 0, to: 0, trouble: 'invalid_limit' };
  return { from, to: from + most, trouble: Number.isInteger(from) ? null : 'invalid_cursor' };
}

function channelTrouble({ channels }: Workspace, id: string): Answer | null {
  const channel = channels.find((one) => one.id === id);
  if (!channel || (channel.isPrivate && !channel.isMember)) return failure('channel_not_found');
  return channel.isArchived ? failure('is_archived') : null;
}

function contentTrouble({ text = '', blocks, metadata }: Params): Answer | null {
  if (text === '' && blocks === undefined) return failure('no_text');
  const wrong = blocks === undefined ? null : blockTrouble(blocks);
  if (wrong) return failure(wrong.error, wrong.messages);
  return metadata === undefined ? null : metadataTrouble(metadata);
}

function metadataTrouble(text: string): Answer | null {
  const metadata = parsed(text);
  if (!isJson(metadata)) return failure('invalid_metadata_format');
  if (typeof metadata['event_type'] !== 'string' || !isJson(metadata['event_payload']))
    return failure('invalid_metadata_schema');
  return text.length > 8_000 ? failure('metadata_too_large') : null;
}

function content({
  text = '',
  blocks = '[]',
  metadata,
  client_msg_id: clientMsgId,
}: Params): Omit<SlackMessage, 'ts' | 'threadTs' | 'edited'> {
  const list = parsed(blocks);
  return {
    // Slack cuts what is longer, without a word.
    text: text.slice(0, 40_000),
    blocks: Array.isArray(list) ? list : [],
    metadata: metadata === undefined ? null : parsed(metadata),
    clientMsgId: clientMsgId ?? null,
  };
}

function onTheWire(
  { ts, threadTs, text, blocks, metadata }: SlackMessage,
  withMetadata: boolean,
): Record<string, unknown> {
  const more = {
    ...(withMetadata && metadata !== null && { metadata }),
    ...(threadTs !== null && { thread_ts: threadTs }),
  };
  return { type: 'message', user: 'U0000000BOT', bot_id: 'B0000000BOT', ts, text, blocks, ...more };
}
