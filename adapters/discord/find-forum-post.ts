import { Routes, type APIMessage, type APIThreadChannel, type APIThreadList, type REST } from 'discord.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { FindOutcome } from '../../src/chat/post-outcome.js';
import { errorText } from '../../src/log.js';
import { ATTEMPT_DEADLINE_MS } from './connection.js';
import { isSame, SKEW_MS, snowflakeAt, type History, type Sought } from './find-message.js';
import { nameInThread } from './message-id.js';

const MAX_PAGES = 5;
const PAGE = 100;

interface SoughtPost extends Sought {
  readonly channel: ChannelRef;
  /** Of the thread. */
  readonly name: string;
}

type Archived = APIThreadList & { readonly has_more: boolean };
type Forum = Pick<History, 'authorship' | 'ownId'> & { readonly rest: REST };

/**
 * Was this delivery's thread made in the forum? Discord knows no nonces there, so only a complete look at what is open
 * and at what was archived since the first attempt says "absent".
 */
export async function findForumPost(forum: Forum, sought: SoughtPost): Promise<FindOutcome> {
  try {
    const ours = await candidates(forum, sought);
    if (ours === null) return { kind: 'cannot-tell', detail: `more than ${String(PAGE * MAX_PAGES)} archived threads` };
    for (const thread of ours) {
      if (await isOurs(forum, thread, sought)) {
        return { kind: 'found', messageId: nameInThread({ channelId: thread.id, messageId: thread.id }) };
      }
    }
    return { kind: 'absent' };
  } catch (error) {
    return { kind: 'cannot-tell', detail: errorText(error) };
  }
}

/** Threads of ours with this name, made since the first attempt; null if there are too many to look through. */
async function candidates(
  { rest, ownId }: Forum,
  { channel, key, name }: SoughtPost,
): Promise<APIThreadChannel[] | null> {
  const own = await ownId();
  const since = BigInt(snowflakeAt(key.firstTriedAt.getTime() - SKEW_MS));
  // In this order, so that a thread that is archived meanwhile is seen twice, not missed.
  const active = (await ask(rest, Routes.guildActiveThreads(channel.workspaceId))) as APIThreadList;
  const archived = await archivedSince(rest, channel.channelId, key.firstTriedAt.getTime() - SKEW_MS);
  if (archived === null) return null;
  return [...(active.threads as APIThreadChannel[]), ...archived].filter(
    (thread) =>
      thread.parent_id === channel.channelId &&
      thread.owner_id === own &&
      thread.name === name &&
      BigInt(thread.id) >= since,
  );
}

/** Newest first by when they were archived, which is after they were made. */
async function archivedSince(rest: REST, channelId: string, sinceMs: number): Promise<APIThreadChannel[] | null> {
  const found: APIThreadChannel[] = [];
  let before: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(before === null ? {} : { before }) });
    const list = (await ask(rest, Routes.channelThreads(channelId, 'public'), query)) as Archived;
    const threads = list.threads as APIThreadChannel[];
    found.push(...threads);
    before = threads.at(-1)?.thread_metadata?.archive_timestamp ?? null;
    if (!list.has_more || before === null || Date.parse(before) < sinceMs) return found;
  }
  return null;
}

/** Two posts may bear one title: what this process made it knows, of the rest the first message tells. */
async function isOurs({ rest, authorship }: Forum, thread: APIThreadChannel, sought: SoughtPost): Promise<boolean> {
  const first = (await ask(rest, Routes.channelMessage(thread.id, thread.id))) as APIMessage;
  return isSame(first, { ...sought, authorship });
}

function ask(rest: REST, route: `/${string}`, query = new URLSearchParams()): Promise<unknown> {
  return rest.get(route, { query, signal: AbortSignal.timeout(ATTEMPT_DEADLINE_MS) });
}
