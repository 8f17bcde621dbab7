import type { types } from '@slack/bolt';
import type { Reply, ReplyButton, ReplyLine } from '../../src/chat/command.js';
import { bold, code, manyLines, mrkdwn, oneLine, plainText } from './escape.js';
import { titleLink, verbatim, type SlackMessage } from './render.js';

/** Slack's limits, but for the sum, which is undocumented: messages with more than about 11,000 characters were refused. */
const LIMITS = { blocks: 50, sum: 8_000, text: 2_900, header: 150, buttons: 25, label: 75, value: 2_000 } as const;
/** Room for "and more" and the buttons. */
const RESERVED_BLOCKS = 2;

/** A reply as Block Kit. What does not fit is left out, and the reader is told so. */
export function renderReply(reply: Reply): SlackMessage {
  const shown: types.KnownBlock[] = [];
  let sum = 0;
  let left = 0;
  for (const line of reply.lines) {
    const block = lineBlock(line);
    if (!block) continue;
    sum += textLength(block);
    if (sum > LIMITS.sum || shown.length >= LIMITS.blocks - RESERVED_BLOCKS) left += 1;
    else shown.push(block);
  }
  const blocks = [...shown, ...moreBlock(left), ...buttonsBlock(reply.buttons)];
  return { text: fallback(reply), blocks: blocks.length > 0 ? blocks : [section('Done.')] };
}

function lineBlock(line: ReplyLine): types.HeaderBlock | types.SectionBlock | null {
  switch (line.kind) {
    case 'heading': {
      const text = plainText(oneLine(line.text), LIMITS.header);
      return text === '' ? null : { type: 'header', text: { type: 'plain_text', text, emoji: false } };
    }
    case 'text': {
      const text = mrkdwn(manyLines(line.text), LIMITS.text);
      return text === '' ? null : section(text);
    }
    case 'code': {
      const text = manyLines(line.text);
      return text === '' ? null : section(code(text, LIMITS.text));
    }
    case 'item': {
      const title = bold(titleLink(line.title, line.url));
      const detail = mrkdwn(manyLines(line.detail), LIMITS.text - title.length - 1);
      return section(detail === '' ? title : `${title}\n${detail}`);
    }
  }
}

function section(text: string): types.SectionBlock {
  return { type: 'section', text: verbatim(text) };
}

function textLength({ text }: types.HeaderBlock | types.SectionBlock): number {
  return text?.text.length ?? 0;
}

function moreBlock(left: number): types.ContextBlock[] {
  if (left === 0) return [];
  const words = `… and ${String(left)} more that did not fit. Ask for less at a time.`;
  return [{ type: 'context', elements: [verbatim(words)] }];
}

/** A command that does not fit its button is dropped with it: half a command is another command. */
function buttonsBlock(buttons: readonly ReplyButton[]): types.ActionsBlock[] {
  const elements = buttons
    .filter(({ command }) => command !== '' && command.length <= LIMITS.value)
    .slice(0, LIMITS.buttons)
    .map(({ label, command }, index): types.Button => ({
      type: 'button',
      action_id: `tidings-${String(index)}`,
      text: { type: 'plain_text', text: plainText(oneLine(label), LIMITS.label) || '…', emoji: false },
      value: command,
    }));
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function fallback({ lines }: Reply): string {
  const words = lines.map((line) => (line.kind === 'item' ? line.title : line.text)).join('\n');
  return mrkdwn(manyLines(words), LIMITS.text) || 'Done.';
}
