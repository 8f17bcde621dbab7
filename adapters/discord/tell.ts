import { Routes, type APIChannel } from 'discord.js';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import { classify } from './classify.js';
import { ATTEMPT_DEADLINE_MS, type Connection } from './connection.js';

/**
 * Direct messages to those who subscribed a channel.
 * @see https://discord.com/developers/docs/resources/user#create-dm
 */
export function createTell({ gate, rest, inFlight }: Connection): NonNullable<ChatAdapter['tell']> {
  const send = async (userId: string, text: string): Promise<string> => {
    const signal = AbortSignal.timeout(ATTEMPT_DEADLINE_MS);
    const { id } = (await rest.post(Routes.userChannels(), { body: { recipient_id: userId }, signal })) as APIChannel;
    const body = { content: text, allowed_mentions: { parse: [] } };
    const message = (await rest.post(Routes.channelMessages(id), { body, signal })) as { readonly id: string };
    return message.id;
  };
  return async (_, userId, text) => {
    const refusal = gate.refusal();
    if (refusal) return refusal;
    return inFlight.track(send(userId, text).then((messageId) => ({ kind: 'posted' as const, messageId }), classify));
  };
}
