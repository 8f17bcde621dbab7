import type { EditOutcome } from '../../src/chat/post-outcome.js';
import { classify } from './classify.js';

/**
 * Names that end the matter for one message, whatever is asked of it later.
 * @see https://docs.slack.dev/reference/methods/chat.update#errors
 */
const CLOSED: readonly unknown[] = ['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive'];

/** What a rejected call of chat.update says about the message that stands. */
export function classifyEdit(error: unknown): EditOutcome {
  const name = nameIn(error);
  return typeof name === 'string' && CLOSED.includes(name) ? { kind: 'closed', reason: name } : classify(error);
}

/** What Slack answered, as the SDK hands it on. */
function nameIn(error: unknown): unknown {
  const data: unknown = typeof error === 'object' && error !== null && 'data' in error ? error.data : null;
  return typeof data === 'object' && data !== null && 'error' in data ? data.error : null;
}
