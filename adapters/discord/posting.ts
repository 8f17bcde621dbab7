import { Routes, type APIMessage, type APIUser, type REST } from 'discord.js';
import { channelName, type ChannelRef } from '../../src/chat/channel.js';
import type { ChatAdapter, DeliveryKey } from '../../src/chat/chat-adapter.js';
import type { EditOutcome, FindOutcome, PostOutcome } from '../../src/chat/post-outcome.js';
import { MESSAGE_FORMATS, type Message } from '../../src/chat/message.js';
import { createAuthorship, type Authorship } from './authorship.js';
import { classify } from './classify.js';
import { classifyEdit } from './classify-edit.js';
import { ATTEMPT_DEADLINE_MS, type Connection } from './connection.js';
import { findForumPost } from './find-forum-post.js';
import { findMessage, type History } from './find-message.js';
import { forumPost, threadName } from './forum.js';
import { nameInThread, spotOf } from './message-id.js';
import { nonceFor } from './nonce.js';
import { createPlaces, isPlace, type Place, type Places } from './places.js';
import { createPublisher, type Publisher } from './publisher.js';
import { renderMessage } from './render.js';
import { changeThread, inOpenThread, isClosedThread } from './threads.js';

const REMEMBERED_MESSAGES = 5_000;

interface Tools extends Pick<Connection, 'options' | 'rest' | 'rooms'> {
  readonly places: Places;
  readonly authorship: Authorship;
  readonly publisher: Publisher;
  readonly ownId: () => Promise<string>;
}

interface Sending {
  readonly channel: ChannelRef;
  readonly message: Message;
  readonly key: DeliveryKey;
}

/** Posts as each kind of channel takes them, and finds and changes them there. */
export function createPosting(connection: Connection): Pick<ChatAdapter, 'post' | 'edit' | 'find' | 'stop'> {
  const { options, rest, rooms, inFlight } = connection;
  const tools: Tools = {
    ...{ options, rest, rooms, ownId: createOwnId(rest) },
    places: createPlaces(rest, options.clock),
    authorship: createAuthorship(REMEMBERED_MESSAGES),
    publisher: createPublisher(rest, options.log),
  };
  return {
    post: (channel, message, key) => {
      const sending = { channel, message, key };
      return inFlight.track(settle(connection, sending, (signal) => post(tools, sending, signal).catch(classify)));
    },
    edit: (channel, messageId, message) =>
      inFlight.track(
        settle(connection, { channel, message }, (signal) =>
          edit(tools, { channel, messageId, message }, signal).catch(classifyEdit),
        ),
      ),
    find: (channel, message, key) => inFlight.track(find(tools, { channel, message, key })),
    stop: () => {
      tools.publisher.stop();
      return Promise.resolve();
    },
  };
}

/** None of it while the gate is closed, all of it within one deadline. */
async function settle<Outcome extends EditOutcome>(
  { gate, options }: Connection,
  { channel, message }: Omit<Sending, 'key'>,
  send: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome | PostOutcome> {
  const refusal = gate.refusal();
  if (refusal) return refusal;
  const outcome = await send(AbortSignal.timeout(ATTEMPT_DEADLINE_MS));
  // When the limit was the whole bot's, the gate is closed by now.
  if (outcome.kind === 'throttled' && gate.refusal()) return { ...outcome, scope: 'platform' };
  if (outcome.kind === 'malformed') {
    options.log.warn('discord.payload_refused', {
      channel: channelName(channel),
      detail: outcome.detail,
      payload: JSON.stringify(renderMessage(message)),
    });
  }
  return outcome;
}

async function post(tools: Tools, sending: Sending, signal: AbortSignal): Promise<PostOutcome> {
  const { places } = tools;
  const { channelId } = sending.channel;
  const place = await places.of(sending.channel, signal);
  if (!isPlace(place)) return place;
  const outcome = await postIn(tools, place, { ...sending, signal }).catch(classify);
  // Neither of the two was posted. Somebody may have changed the tags, or made it another kind of channel.
  const doubtful = outcome.kind === 'malformed' || (outcome.kind === 'refused' && outcome.reason === 'not-allowed');
  if (!doubtful || !(await places.hasChanged(channelId, place, signal))) return outcome;
  const now = await places.of(sending.channel, signal);
  return isPlace(now) ? postIn(tools, now, { ...sending, signal }) : now;
}

type Posting = Sending & { readonly signal: AbortSignal };

async function postIn(tools: Tools, place: Place, posting: Posting): Promise<PostOutcome> {
  const { channel, message, key, signal } = posting;
  const thread = place.kind === 'threads' ? threadOf(message) : null;
  if (place.kind === 'threads' && thread === null) {
    const body = forumPost(message, place);
    return posted(tools, await tools.rest.post(Routes.threads(channel.channelId), { body, signal }), posting);
  }
  const threadId = thread ?? channel.channelId;
  const body = { ...renderMessage(message), nonce: nonceFor(key.id), enforce_nonce: true };
  const send = (): Promise<unknown> => tools.rest.post(Routes.channelMessages(threadId), { body, signal });
  try {
    const outcome = posted(tools, await inOpenThread(tools.rest, { threadId, signal }, send), posting);
    if (place.kind === 'messages' && place.canPublish) publish(tools, posting, outcome);
    return outcome;
  } catch (error) {
    if (thread === null || !isClosedThread(error)) throw error;
    return { kind: 'malformed', detail: 'the thread that it goes on from is closed' };
  }
}

/** Only where each post has a thread; the simplest form stands alone, for that thread may be what was refused. */
function threadOf({ continues, format }: Message): string | null {
  return continues === null || format === 'bare' ? null : spotOf(continues, '').channelId || null;
}

/** A message, or the thread that was made for it, whose first message has the thread's id. */
function posted({ authorship, rooms }: Tools, answer: unknown, { channel, key }: Posting): PostOutcome {
  const { id, channel_id: channelId, message } = { ...(answer as Partial<APIMessage> & { message?: APIMessage }) };
  if (typeof id !== 'string') return { kind: 'unknown', detail: 'the answer is not a message' };
  authorship.remember(id, nonceFor(key.id));
  const threadId = message === undefined ? channelId : id;
  const inThread = threadId !== undefined && threadId !== channel.channelId;
  const messageId = inThread ? nameInThread({ channelId: threadId, messageId: id }) : id;
  const channelFreeInMs = rooms.takeFreeInMs(channel.channelId);
  return { kind: 'posted', messageId, ...(channelFreeInMs !== null && { channelFreeInMs }) };
}

function publish({ publisher }: Tools, { channel, message }: Sending, outcome: PostOutcome): void {
  if (message.publish && outcome.kind === 'posted') publisher.publish(channel.channelId, outcome.messageId);
}

interface Editing {
  readonly channel: ChannelRef;
  readonly messageId: string;
  readonly message: Message;
}

async function edit({ rest }: Tools, editing: Editing, signal: AbortSignal): Promise<EditOutcome> {
  const { channel, messageId: name, message } = editing;
  const spot = spotOf(name, channel.channelId);
  const isForumPost = spot.channelId === spot.messageId;
  const patch = (): Promise<unknown> =>
    rest.patch(Routes.channelMessage(spot.channelId, spot.messageId), { body: renderMessage(message), signal });
  const thread = { threadId: spot.channelId, name: threadName(message), signal };
  try {
    await (isForumPost ? changeThread(rest, thread, patch) : inOpenThread(rest, thread, patch));
    return { kind: 'posted', messageId: name };
  } catch (error) {
    if (spot.channelId === channel.channelId || !isClosedThread(error)) throw error;
    return { kind: 'closed', reason: 'its thread is gone or closed' };
  }
}

async function find(tools: Tools, { channel, message, key }: Sending): Promise<FindOutcome> {
  const { options, rest, authorship, ownId, places } = tools;
  const place = await places.of(channel, AbortSignal.timeout(ATTEMPT_DEADLINE_MS));
  if (!isPlace(place)) return notLooked(place);
  const sought = { bodies: MESSAGE_FORMATS.map((format) => renderMessage({ ...message, format })), key };
  const thread = threadOf(message);
  if (place.kind === 'threads' && thread === null) {
    return findForumPost({ rest, authorship, ownId }, { ...sought, channel, name: threadName(message) });
  }
  const threadId = place.kind === 'threads' && thread !== null ? thread : channel.channelId;
  const history: History = { authorship, ownId, page: pagesOf(rest, threadId) };
  const found = await findMessage(history, sought, options.clock());
  if (found.kind !== 'found') return found;
  if (place.kind === 'messages' && place.canPublish) publish(tools, { channel, message, key }, asPosted(found));
  if (threadId === channel.channelId) return found;
  return { ...found, messageId: nameInThread({ channelId: threadId, messageId: found.messageId }) };
}

function notLooked(outcome: PostOutcome): FindOutcome {
  if (outcome.kind === 'throttled') return { kind: 'throttled', retryAfterMs: outcome.retryAfterMs };
  return { kind: 'cannot-tell', detail: 'Discord does not say what kind of channel it is' };
}

function asPosted({ messageId }: { readonly messageId: string }): PostOutcome {
  return { kind: 'posted', messageId };
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
