import { DiscordAPIError } from 'discord.js';
import type { EditOutcome } from '../../src/chat/post-outcome.js';
import { classify } from './classify.js';

/**
 * JSON error codes that end the matter for one message: it, its channel or its server is gone, or it is not ours.
 * @see https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
 */
const CLOSED: readonly unknown[] = [10003, 10004, 10008, 50005, 50021];
/** "Maximum number of edits to messages older than 1 hour reached. Try again later" */
const TOO_MANY_EDITS = 30046;

/** What a thrown value says about the message that was to be changed. */
export function classifyEdit(thrown: unknown): EditOutcome {
  if (!(thrown instanceof DiscordAPIError)) return classify(thrown);
  const detail = `code ${String(thrown.code)}`;
  if (CLOSED.includes(thrown.code)) return { kind: 'closed', reason: detail };
  return thrown.code === TOO_MANY_EDITS ? { kind: 'unavailable', detail } : classify(thrown);
}
