import { MESSAGE_FORMATS, type MessageFormat } from '../chat/message.js';
import type { EditOutcome } from '../chat/post-outcome.js';
import { later } from '../clock.js';

/**
 * A message that was begun so long after a change, or earlier, may say what was true before: what changes a post is
 * committed a while after the time it bears.
 */
export const MAY_BE_OLD_FOR_MS = 60_000;
/** So long a change waits until the messages that need it are known; what changes again by then makes one edit. */
export const EDIT_AFTER_MS = MAY_BE_OLD_FOR_MS + 15_000;
/**
 * From all processes together. Slack takes 50 in a minute of a workspace; Discord 50 requests a second of a bot, of which
 * posts are to have nearly all.
 * @see https://docs.slack.dev/reference/methods/chat.update
 */
export const EDIT_PACE = { workspaceEveryMs: 1_300, platformPerSecond: 5 } as const;

const FIRST_RETRY_MS = 30_000;
const FIRST_PROBE_MS = 5 * 60_000;
const LONGEST_RETRY_MS = 3_600_000;

/** An edit taken for work; `attempts` includes this one. */
export interface TriedEdit {
  readonly attempts: number;
  readonly format: MessageFormat;
}

export type EditState =
  | { readonly kind: 'waiting'; readonly dueAt: Date; readonly attempts: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'dropped' };

export interface EditVerdict {
  readonly state: EditState;
  /** Why it waits or was dropped; null for neither. */
  readonly reason: string | null;
  /** Of the next attempt. */
  readonly format: MessageFormat;
  /** No edits in this workspace before then; null if it need not wait. */
  readonly workspaceReadyAt: Date | null;
}

/**
 * What becomes of an edit. It may be done twice, so what is uncertain is done again; only the message itself, a text that
 * no format can carry, or time ends it. It never says anything about its delivery or channel.
 */
export function afterEdit({ attempts, format }: TriedEdit, outcome: EditOutcome, now: Date): EditVerdict {
  const verdict = (state: EditState, reason: string | null): EditVerdict => {
    return { state, reason, format, workspaceReadyAt: null };
  };
  const again = (firstMs: number, reason: string): EditVerdict =>
    verdict({ kind: 'waiting', dueAt: later(now, retryDelayMs(firstMs, attempts)), attempts }, reason);
  switch (outcome.kind) {
    case 'posted':
      return verdict({ kind: 'done' }, null);
    case 'closed':
      return verdict({ kind: 'dropped' }, outcome.reason);
    case 'throttled': {
      const readyAt = later(now, outcome.retryAfterMs);
      const waiting = verdict({ kind: 'waiting', dueAt: readyAt, attempts: attempts - 1 }, 'throttled');
      return { ...waiting, workspaceReadyAt: readyAt };
    }
    case 'refused':
      return again(FIRST_PROBE_MS, outcome.reason);
    case 'malformed': {
      const simpler = MESSAGE_FORMATS[MESSAGE_FORMATS.indexOf(format) + 1];
      return simpler === undefined
        ? verdict({ kind: 'dropped' }, `malformed: ${outcome.detail}`)
        : { ...verdict({ kind: 'waiting', dueAt: now, attempts }, outcome.detail), format: simpler };
    }
    case 'unavailable':
    case 'unknown':
      return again(FIRST_RETRY_MS, outcome.detail);
  }
}

function retryDelayMs(firstMs: number, attempts: number): number {
  return Math.min(firstMs * 2 ** Math.min(Math.max(attempts - 1, 0), 20), LONGEST_RETRY_MS);
}
