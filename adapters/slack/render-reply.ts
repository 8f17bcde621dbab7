import type { types } from '@slack/bolt';
import type { Reply, ReplyLine } from '../../src/chat/command.js';
import { shownLine, shownLines } from '../../src/chat/shown-text.js';
import { buttonsBlock } from './buttons.js';
import { bold, code, mrkdwn, plainText } from './escape.js';
import { verbatim, type SlackMessage } from './render.js';
import { titleLink } from './title.js';

/** Slack's limits, but for the sum, which is undocumented: messages with more than about 11,000 characters were refused. */
const LIMITS = { blocks: 50, sum: 8_000, text: 2_900, header: 150 } as const;
const TITLE = { title: 500, address: 1_800 } as const;
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
      const text = plainText(shownLine(line.text), LIMITS.header);
      return text === '' ? null : { type: 'header', text: { type: 'plain_text', text, emoji: false } };
    }
    case 'text': {
      const text = mrkdwn(shownLines(line.text), LIMITS.text);
      return text === '' ? null : section(text);
    }
    case 'code': {
      const text = shownLines(line.text);
      return text === '' ? null : section(code(text, LIMITS.text));
    }
    case 'item': {
      const title = bold(titleLink(line.title, line.url, TITLE));
      const detail = mrkdwn(shownLines(line.detail), LIMITS.text - title.length - 1);
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

function fallback({ lines }: Reply): string {
  const words = lines.map((line) => (line.kind === 'item' ? line.title : line.text)).join('\n');
  return mrkdwn(shownLines(words), LIMITS.text) || 'Done.';
}
