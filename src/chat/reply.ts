import type { Reply, ReplyButton, ReplyLine } from './command.js';

/** What people type before a command on every platform. */
const PREFIX = '/tidings';

/** An answer that only the caller sees. */
export function privateReply(lines: readonly ReplyLine[], buttons: readonly ReplyButton[] = []): Reply {
  return { lines, buttons, visibleTo: 'caller' };
}

export function heading(text: string): ReplyLine {
  return { kind: 'heading', text };
}

export function text(words: string): ReplyLine {
  return { kind: 'text', text: words };
}

/** Something to type: `command` is what follows `/tidings`. */
export function typed(command: string): ReplyLine {
  return { kind: 'code', text: `${PREFIX} ${command}`.trimEnd() };
}
