import type { webApi } from '@slack/bolt';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import type { Message } from '../../src/chat/message.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import type { Clock } from '../../src/clock.js';
import type { DeliveryId } from '../../src/ids.js';
import type { Logger } from '../../src/log.js';
import { classify } from './classify.js';
import { createCommandSide } from './command-side.js';
import { cannotTell, findMessage, METADATA_EVENT } from './find-message.js';
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
  readonly clock: Clock;
  readonly log: Logger;
}

const POST_DEADLINE_MS = 12_000;
/** Several pages may be read while one delivery is claimed. */
const FIND_DEADLINE_MS = 6_000;
const DRAIN_MS = 15_000;

/**
 * Slack, for one workspace.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 */
export function createSlackAdapter({ botToken, apiUrl, log, ...options }: SlackOptions): ChatAdapter {
  const client = createWebClient(botToken, { apiUrl, log, deadlineMs: POST_DEADLINE_MS });
  const historyClient = createWebClient(botToken, { apiUrl, log, deadlineMs: FIND_DEADLINE_MS });
  const workspaceTrouble = createWorkspaceCheck(client);
  const { track, drained } = createInFlight();
  const commands = createCommandSide({ botToken, apiUrl, log, track, ...options });

  const send = async (channel: ChannelRef, method: string, request: Fields): Promise<PostOutcome> =>
    (await workspaceTrouble(channel)) ?? call(client, method, { channel: channel.channelId, ...request });

  return {
    platform: 'slack',
    routes: commands.routes,
    start: commands.start,
    stop: async () => {
      await commands.stop();
      await drained(DRAIN_MS);
    },
    post: (channel, message, { id }) => track(send(channel, 'chat.postMessage', newMessage(message, id))),
    edit: (channel, messageId, message) => track(send(channel, 'chat.update', correction(message, messageId))),
    find: async (channel, _message, key) => {
      const trouble = await workspaceTrouble(channel);
      return trouble ? cannotTell(trouble) : track(findMessage(historyClient, channel.channelId, key));
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** One request on the wire. */
async function call(client: webApi.WebClient, method: string, request: Fields): Promise<PostOutcome> {
  try {
    const { ts }: Fields = { ...(await client.apiCall(method, request)) };
    return typeof ts === 'string'
      ? { kind: 'posted', messageId: ts }
      : { kind: 'unknown', detail: 'an answer without ts' };
  } catch (error) {
    return classify(error);
  }
}

function newMessage(message: Message, id: DeliveryId): Fields {
  return {
    ...contentOf(message),
    metadata: { event_type: METADATA_EVENT, event_payload: { delivery_id: id } },
    // Not documented and never relied upon: Slack is said to drop a repeat that carries the same UUID.
    client_msg_id: id,
    ...(message.continues !== null && { thread_ts: message.continues }),
    unfurl_links: false,
    unfurl_media: false,
  };
}

function correction(message: Message, messageId: string): Fields {
  // Without `blocks` an update keeps the old ones, so the plain format sends none expressly.
  return { ts: messageId, blocks: [], ...contentOf(message) };
}

function contentOf(message: Message): Fields {
  const { text, blocks } = renderMessage(message);
  return { text, parse: 'none', ...(blocks.length > 0 ? { blocks } : {}) };
}
