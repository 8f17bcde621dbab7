import type { APIEmbed } from 'discord.js';
import type { Reply, ReplyLine } from '../../src/chat/command.js';
import { fit, shownLine, shownLines } from '../../src/chat/shown-text.js';
import { buttonRows, type ButtonRow } from './buttons.js';
import { codeSpan, escapeMarkdown } from './escape.js';
import { linkedTitle, LONGEST_ADDRESS } from './link.js';
import { BLURPLE } from './render.js';

/** Of one embed, in UTF-16 units, and of what one line of a reply may take. */
const LIMITS = { description: 4096, line: 1000, title: 256, address: LONGEST_ADDRESS };

export interface ReplyBody {
  readonly embeds: APIEmbed[];
  readonly components: ButtonRow[];
  readonly allowed_mentions: { readonly parse: [] };
}

/** The body of an answer to a command. Lines that no longer fit are left out, never cut in the middle of markup. */
export function renderReply(reply: Reply): ReplyBody {
  const shown: string[] = [];
  let left = LIMITS.description - 2;
  for (const line of reply.lines.map((one) => renderLine(one))) {
    if (line.trim() === '') continue;
    if (line.length + 1 > left) {
      shown.push('…');
      break;
    }
    shown.push(line);
    left -= line.length + 1;
  }
  const description = shown.join('\n') || 'Done.';
  return {
    embeds: [{ description, color: BLURPLE }],
    components: buttonRows(reply.buttons),
    allowed_mentions: { parse: [] },
  };
}

function renderLine(line: ReplyLine): string {
  switch (line.kind) {
    case 'heading':
      return fit(shownLine(line.text), LIMITS.line, (text) => (text === '' ? '' : `**${escapeMarkdown(text)}**`));
    case 'text':
      return fit(shownLines(line.text), LIMITS.line, escapeMarkdown);
    case 'code':
      return fit(shownLine(line.text), LIMITS.line, codeSpan);
    case 'item': {
      const linked = linkedTitle(shownLine(line.title) || 'Untitled', line.url, LIMITS);
      const title = linked.startsWith('[') ? linked : `**${linked}**`;
      const detail = fit(shownLine(line.detail), LIMITS.line, escapeMarkdown);
      return detail === '' ? `- ${title}` : `- ${title}\n  ${detail}`;
    }
  }
}
