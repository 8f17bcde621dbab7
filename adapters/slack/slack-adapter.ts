import type { webApi } from '@slack/bolt';
import { channelName, type ChannelRef } from '../../src/chat/channel.js';
import type { ChatAdapter, PlatformPace } from '../../src/chat/chat-adapter.js';
import type { Message } from '../../src/chat/message.js';
import type { EditOutcome, PostOutcome } from '../../src/chat/post-outcome.js';
import type { Clock } from '../../src/clock.js';
import type { DeliveryId } from '../../src/ids.js';
import type { Logger } from '../../src/log.js';
import { classify } from './classify.js';
import { classifyEdit } from './classify-edit.js';
import { createCommandSide } from './command-side.js';
import { cannotTell, createFindMessage, METADATA_EVENT } from './find-message.js';
import { createInFlight } from './in-flight.js';
import { renderMessage } from './render.js';
import { createWebClient } from './web-client.js';
import { createWorkspaceCheck } from './workspace.js';

export interface SlackOptions {
  /** `xoxb-…`, of the one workspace this adapter serves. */
  readonly botToken: string;
  /** `xapp-…`: commands come over Socket Mode. Null for HTTP. */
  readonly appToken: string | null;
  /** Commands come over HTTP. With neither, there are no commands. */
  readonly signingSecret: string | null;
  /** Ends in `/api/`. */
  readonly apiUrl: string;
  readonly pace?: PlatformPace;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Slack allows one a second and short bursts; where it counts a little differently than we do, neither is used up whole.
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
const PACE: PlatformPace = { perChannel: { everyMs: 1_010, burst: 2 }, perBot: null };
const POST_DEADLINE_MS = 12_000;
/** Several pages may be read while one delivery is claimed. */
const FIND_DEADLINE_MS = 6_000;
const DRAIN_MS = 15_000;

/**
 * Slack, for one workspace.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 */
export function createSlackAdapter({ botToken, apiUrl, log, pace = PACE, ...options }: SlackOptions): ChatAdapter {
  const client = createWebClient(botToken, { apiUrl, log, deadlineMs: POST_DEADLINE_MS });
  const findMessage = createFindMessage(
    createWebClient(botToken, { apiUrl, log, deadlineMs: FIND_DEADLINE_MS }),
    options.clock,
  );
  const workspaceTrouble = createWorkspaceCheck(client);
  const { track, drained } = createInFlight();
  const commands = createCommandSide({ botToken, apiUrl, log, track, ...options });

  const send = async <Outcome extends EditOutcome>(
    { channel, method, request }: Call,
    classified: (error: unknown) => Outcome,
  ): Promise<Outcome | PostOutcome> => {
    const outcome =
      (await workspaceTrouble(channel)) ??
      (await call(client, method, { channel: channel.channelId, ...request }).catch(classified));
    if (outcome.kind === 'malformed') {
      log.warn('slack.payload_refused', {
        channel: channelName(channel),
        detail: outcome.detail,
        payload: JSON.stringify(request),
      });
    }
    return outcome;
  };

  return {
    platform: 'slack',
    pace,
    routes: commands.routes,
    start: commands.start,
    stop: async () => {
      await commands.stop();
      await drained(DRAIN_MS);
    },
    post: (channel, message, { id }) =>
      track(send({ channel, method: 'chat.postMessage', request: newMessage(message, id) }, classify)),
    edit: (channel, messageId, message) =>
      track(send({ channel, method: 'chat.update', request: correction(message, messageId) }, classifyEdit)),
    // Slack takes a user's id for the direct messages with them.
    tell: (workspaceId, userId, text) => {
      const channel = { platform: 'slack', workspaceId, channelId: userId } as const;
      return track(send({ channel, method: 'chat.postMessage', request: inOurWords(text) }, classify));
    },
    find: async (channel, message, key) => {
      const trouble = await workspaceTrouble(channel);
      const place = { channelId: channel.channelId, threadId: threadOf(message) };
      return trouble ? cannotTell(trouble) : track(findMessage(place, key));
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

interface Call {
  readonly channel: ChannelRef;
  readonly method: string;
  readonly request: Fields;
}

/** One request on the wire. Rejects with what the SDK throws. */
async function call(client: webApi.WebClient, method: string, request: Fields): Promise<PostOutcome> {
  const { ts }: Fields = { ...(await client.apiCall(method, request)) };
  return typeof ts === 'string'
    ? { kind: 'posted', messageId: ts }
    : { kind: 'unknown', detail: 'an answer without ts' };
}

function newMessage(message: Message, id: DeliveryId): Fields {
  const threadId = threadOf(message);
  return {
    ...contentOf(message),
    metadata: { event_type: METADATA_EVENT, event_payload: { delivery_id: id } },
    // Not documented and never relied upon: Slack is said to drop a repeat that carries the same UUID.
    client_msg_id: id,
    unfurl_links: false,
    unfurl_media: false,
    ...(threadId === null ? {} : { thread_ts: threadId }),
  };
}

function inOurWords(text: string): Fields {
  return { text, parse: 'none', unfurl_links: false, unfurl_media: false };
}

/** The simplest form stands alone: a thread that takes no replies may be what was refused. */
function threadOf({ continues, format }: Message): string | null {
  return format === 'bare' ? null : continues;
}

function correction(message: Message, messageId: string): Fields {
  // Without `blocks` an update keeps the old ones, so the plain format sends none expressly.
  return { ts: messageId, blocks: [], ...contentOf(message) };
}

function contentOf(message: Message): Fields {
  const { text, blocks } = renderMessage(message);
  return { text, parse: 'none', ...(blocks.length > 0 ? { blocks } : {}) };
}
