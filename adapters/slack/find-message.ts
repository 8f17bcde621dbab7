import type { webApi } from '@slack/bolt';
import type { DeliveryKey } from '../../src/chat/chat-adapter.js';
import type { FindOutcome, PostOutcome } from '../../src/chat/post-outcome.js';
import type { Clock } from '../../src/clock.js';
import { classify } from './classify.js';
import { createLookPace } from './look-pace.js';

export const METADATA_EVENT = 'tidings_delivery';

/** Slack's clock stamps the message, ours the attempt. */
const CLOCK_SKEW_MS = 60_000;
const PAGE_SIZE = 200;
const MOST_PAGES = 4;

type Answer = webApi.ConversationsHistoryResponse | webApi.ConversationsRepliesResponse;

interface Page {
  readonly messageId: string | null;
  /** Null on the last page. */
  readonly cursor: string | null;
}

/** Where a message would stand: in the channel, or in the thread of a message, whose id is `threadId`. */
export interface Place {
  readonly channelId: string;
  readonly threadId: string | null;
}

export type FindMessage = (place: Place, key: DeliveryKey) => Promise<FindOutcome>;

/** Looks no more often than Slack allows. */
export function createFindMessage(client: webApi.WebClient, clock: Clock): FindMessage {
  const looks = createLookPace(clock);
  return async (place, key) => {
    const retryAfterMs = looks.waitMs();
    if (retryAfterMs > 0) return { kind: 'throttled', retryAfterMs };
    const found = await findMessage(client, place, key);
    if (found.kind === 'throttled') looks.pause(found.retryAfterMs);
    return found;
  };
}

/**
 * Looks for a delivery's message by the id in its metadata. Anything but a complete look is
 * `cannot-tell`: missing scopes, a public channel we post to without being in it.
 * @see https://docs.slack.dev/reference/methods/conversations.history
 * @see https://docs.slack.dev/reference/methods/conversations.replies
 */
async function findMessage(
  client: webApi.WebClient,
  { channelId, threadId }: Place,
  { id, firstTriedAt }: DeliveryKey,
): Promise<FindOutcome> {
  const oldest = ((firstTriedAt.getTime() - CLOCK_SKEW_MS) / 1_000).toFixed(6);
  let cursor: string | undefined;
  try {
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const asked = {
        channel: channelId,
        oldest,
        limit: PAGE_SIZE,
        include_all_metadata: true,
        ...(cursor === undefined ? {} : { cursor }),
      };
      // The history of a channel does not hold what stands in its threads.
      const answer = await (threadId === null
        ? client.conversations.history(asked)
        : client.conversations.replies({ ...asked, ts: threadId }));
      const { messageId, cursor: next } = readPage(answer, id);
      if (messageId !== null) return { kind: 'found', messageId };
      if (next === null) return { kind: 'absent' };
      cursor = next;
    }
    return { kind: 'cannot-tell', detail: `more than ${String(MOST_PAGES * PAGE_SIZE)} messages since`, lasting: true };
  } catch (error) {
    return cannotTell(classify(error));
  }
}

export function cannotTell(outcome: PostOutcome): FindOutcome {
  switch (outcome.kind) {
    case 'refused':
      return { kind: 'cannot-tell', detail: outcome.reason, lasting: true };
    case 'throttled':
      return { kind: 'throttled', retryAfterMs: outcome.retryAfterMs };
    case 'posted':
      return { kind: 'cannot-tell', detail: outcome.kind };
    case 'malformed':
    case 'unavailable':
    case 'unknown':
      return { kind: 'cannot-tell', detail: outcome.detail };
  }
}

function readPage({ messages = [], response_metadata: more }: Answer, id: string): Page {
  const message = messages.find(
    ({ metadata }) => metadata?.event_type === METADATA_EVENT && deliveryOf(metadata.event_payload) === id,
  );
  const cursor = more?.next_cursor ?? '';
  return { messageId: message?.ts ?? null, cursor: cursor === '' ? null : cursor };
}

function deliveryOf(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'delivery_id' in payload ? payload.delivery_id : null;
}
