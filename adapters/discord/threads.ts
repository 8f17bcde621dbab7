import { DiscordAPIError, Routes, type APIThreadChannel, type REST } from 'discord.js';

const ARCHIVED = 50083;
/** Of a thread that takes nothing any more: unknown channel, archived, locked. */
const CLOSED = [10003, ARCHIVED, 160005];

/** Whether the thread is gone, locked, or archived for good. */
export function isClosedThread(error: unknown): boolean {
  return error instanceof DiscordAPIError && CLOSED.includes(Number(error.code));
}

/** Sends; an archived thread is opened first, which everybody who may write there may do, unless it is locked. */
export async function inOpenThread<Answer>(
  rest: REST,
  { threadId, signal }: { readonly threadId: string; readonly signal: AbortSignal },
  send: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof DiscordAPIError && error.code === ARCHIVED)) throw error;
    await rest.patch(Routes.channel(threadId), { body: { archived: false }, signal });
    return send();
  }
}

interface Changing {
  readonly threadId: string;
  /** Of the whole thread; shown above what it holds. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/**
 * Changes the first message of a forum's thread, and its name with it. A thread that was archived is archived again,
 * so that an edit does not lift it above newer ones.
 */
export async function changeThread(
  rest: REST,
  { threadId, name, signal }: Changing,
  edit: () => Promise<unknown>,
): Promise<void> {
  const thread = (await rest.get(Routes.channel(threadId), { signal })) as APIThreadChannel;
  const archived = thread.thread_metadata?.archived === true;
  const body = { ...(archived && { archived: false }), ...(thread.name !== name && { name }) };
  const route = Routes.channel(threadId);
  // The old name above the right title is a blemish, and names may only be changed twice in ten minutes.
  if (archived) await rest.patch(route, { body, signal });
  else if (thread.name !== name) await rest.patch(route, { body, signal }).catch(() => undefined);
  await edit();
  if (archived) await rest.patch(route, { body: { archived: true }, signal }).catch(() => undefined);
}
