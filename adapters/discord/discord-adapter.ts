import { Routes, type APIMessage, type APIUser, type REST } from 'discord.js';
import type { ChatAdapter, PlatformPace } from '../../src/chat/chat-adapter.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { createAuthorship } from './authorship.js';
import { classify } from './classify.js';
import { createCommandSide } from './command-side.js';
import { ATTEMPT_DEADLINE_MS, createConnection, type Connection, type DiscordOptions } from './connection.js';
import { findMessage, type History } from './find-message.js';
import type { Gate } from './gate.js';
import { nonceFor } from './nonce.js';
import { renderMessage } from './render.js';

const REMEMBERED_MESSAGES = 5_000;
/** Discord allows 50 a second; what is left is for commands and for looking up. What a channel takes, its answers say. */
const PACE: PlatformPace = { perChannel: null, perBot: { everyMs: 20.8 } };

/** Discord through discord.js: posts over REST alone; commands over the gateway, and over HTTP with a public key. */
export function createDiscordAdapter(options: DiscordOptions): ChatAdapter {
  const connection = createConnection(options);
  return {
    platform: 'discord',
    pace: options.pace ?? PACE,
    takeInvalidRequests: connection.gate.takeInvalid,
    ...createPosting(connection),
    ...createCommandSide(connection),
  };
}

function createPosting({
  options,
  gate,
  rooms,
  rest,
  inFlight,
}: Connection): Pick<ChatAdapter, 'post' | 'edit' | 'find'> {
  const attempt = (send: (signal: AbortSignal) => Promise<unknown>): Promise<PostOutcome> =>
    inFlight.track(settle(gate, send));
  const ownId = createOwnId(rest);
  const authorship = createAuthorship(REMEMBERED_MESSAGES);
  return {
    post: async (channel, message, key) => {
      const nonce = nonceFor(key.id);
      const body = { ...renderMessage(message), nonce, enforce_nonce: true };
      const outcome = await attempt((signal) => rest.post(Routes.channelMessages(channel.channelId), { body, signal }));
      const channelFreeInMs = rooms.takeFreeInMs(channel.channelId);
      if (outcome.kind !== 'posted') return outcome;
      authorship.remember(outcome.messageId, nonce);
      return channelFreeInMs === null ? outcome : { ...outcome, channelFreeInMs };
    },
    edit: (channel, messageId, message) =>
      attempt((signal) =>
        rest.patch(Routes.channelMessage(channel.channelId, messageId), { body: renderMessage(message), signal }),
      ),
    find: (channel, message, key) =>
      inFlight.track(
        findMessage(
          { authorship, ownId, page: pagesOf(rest, channel.channelId) },
          { body: renderMessage(message), key },
          options.clock(),
        ),
      ),
  };
}

/** One request at most, and none while the gate is closed. */
async function settle(gate: Gate, send: (signal: AbortSignal) => Promise<unknown>): Promise<PostOutcome> {
  const refusal = gate.refusal();
  if (refusal) return refusal;
  try {
    const answer = await send(AbortSignal.timeout(ATTEMPT_DEADLINE_MS));
    const messageId = typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : null;
    return typeof messageId === 'string'
      ? { kind: 'posted', messageId }
      : { kind: 'unknown', detail: 'the answer is not a message' };
  } catch (error) {
    const outcome = classify(error);
    // When the limit was the whole bot's, the gate is closed by now.
    return outcome.kind === 'throttled' && gate.refusal() ? { ...outcome, scope: 'platform' } : outcome;
  }
}

function pagesOf(rest: REST, channelId: string): History['page'] {
  return async ({ after, limit }) => {
    const query = new URLSearchParams({ limit: String(limit), ...(after === undefined ? {} : { after }) });
    const signal = AbortSignal.timeout(ATTEMPT_DEADLINE_MS);
    return (await rest.get(Routes.channelMessages(channelId), { query, signal })) as APIMessage[];
  };
}

/** Asked once: a bot's user never changes. */
function createOwnId(rest: REST): () => Promise<string> {
  let ownId: string | null = null;
  return async () => {
    ownId ??= ((await rest.get(Routes.user())) as APIUser).id;
    return ownId;
  };
}
