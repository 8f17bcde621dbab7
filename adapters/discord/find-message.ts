import type { APIMessage } from 'discord.js';
import type { DeliveryKey } from '../../src/chat/chat-adapter.js';
import type { FindOutcome } from '../../src/chat/post-outcome.js';
import { errorText } from '../../src/log.js';
import { classify } from './classify.js';
import type { MessageBody } from './render.js';
import { ownCommand } from './buttons.js';
import { NONCE_HOLDS_MS, nonceFor } from './nonce.js';
import type { Authorship } from './authorship.js';

const DISCORD_EPOCH_MS = 1_420_070_400_000;
/** Discord's clock and ours may differ by this much. */
export const SKEW_MS = 60_000;
const PAGE = 100;
const MAX_PAGES = 5;

export interface History {
  readonly authorship: Authorship;
  /** One page of a channel's messages: those right after `after`, or the newest. */
  readonly page: (query: { readonly after?: string; readonly limit: number }) => Promise<APIMessage[]>;
  readonly ownId: () => Promise<string>;
}

export interface Sought {
  /** The message in each of its forms: an earlier attempt may have sent it in another than the next would. */
  readonly bodies: readonly MessageBody[];
  readonly key: DeliveryKey;
}

/**
 * Was this delivery's message posted? While its nonce is remembered, one that is not seen may be posted again at once:
 * Discord makes one message of both, whichever request it carries out first. Later, only a history we can read tells.
 */
export async function findMessage(history: History, sought: Sought, now: Date): Promise<FindOutcome> {
  const { key } = sought;
  const elapsedMs = now.getTime() - key.firstTriedAt.getTime();
  // A first attempt in the future is one of a clock that was put back: how long ago it was, nobody knows.
  const nonceHolds = elapsedMs >= 0 && elapsedMs < NONCE_HOLDS_MS;
  const found = await look(history, sought);
  return found.kind !== 'found' && nonceHolds ? { kind: 'repeatable' } : found;
}

async function look(history: History, sought: Sought): Promise<FindOutcome> {
  try {
    return await search(history, sought);
  } catch (error) {
    const lasting = classify(error).kind === 'refused';
    return { kind: 'cannot-tell', detail: errorText(error), lasting };
  }
}

async function search(history: History, sought: Sought): Promise<FindOutcome> {
  const { authorship } = history;
  const { key } = sought;
  const ownId = await history.ownId();
  let after = snowflakeAt(key.firstTriedAt.getTime() - SKEW_MS);
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const messages = await history.page({ after, limit: PAGE });
    const ours = messages.find((one) => one.author.id === ownId && isSame(one, { ...sought, authorship }));
    if (ours) return { kind: 'found', messageId: ours.id };
    if (messages.length < PAGE) return messages.length + pages > 0 ? { kind: 'absent' } : emptyMeans(history);
    after = messages.map(({ id }) => id).reduce((a, b) => (BigInt(a) > BigInt(b) ? a : b));
  }
  return { kind: 'cannot-tell', detail: `more than ${String(PAGE * MAX_PAGES)} messages since`, lasting: true };
}

/** Without Read Message History, Discord answers an empty list, not a refusal; an older message shows that we can read. */
async function emptyMeans(history: History): Promise<FindOutcome> {
  const newest = await history.page({ limit: 1 });
  return newest.length > 0
    ? { kind: 'absent' }
    : { kind: 'cannot-tell', detail: 'no messages are shown: none, or no Read Message History', lasting: true };
}

/**
 * History carries no nonces. What this process posted it knows; of the rest, the same post told by us since the first
 * attempt is this delivery's, because a channel hears of a post once.
 */
export function isSame(message: APIMessage, sought: Sought & { readonly authorship: Authorship }): boolean {
  const nonce = nonceFor(sought.key.id);
  const known = message.nonce ?? sought.authorship.nonceOf(message.id);
  return known === null ? sought.bodies.some((body) => looksLike(message, body)) : known === nonce;
}

/** By its own button, for title and link may have been corrected since; by those where one of both has none. */
function looksLike(message: APIMessage, body: MessageBody): boolean {
  const own = [ownCommand(message.components), ownCommand(body.components)];
  if (!own.includes(null)) return own[0] === own[1];
  const [theirs] = message.embeds;
  const [ours] = body.embeds;
  if (ours === undefined) return message.content === body.content;
  if (theirs?.title !== ours.title) return false;
  return ours.url === undefined ? theirs?.description === ours.description : theirs?.url === ours.url;
}

export function snowflakeAt(atMs: number): string {
  return String(BigInt(Math.max(atMs - DISCORD_EPOCH_MS, 0)) << 22n);
}
