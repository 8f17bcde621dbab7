import { isJson } from './block-rules.js';
import type { SlackMessage } from './web-api.js';

const INVISIBLE = /[\u200b\u200c\u2060\ufeff]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** What a person reads: the blocks if there are any, else the text; links as `label ⇒ address`, notifications as `PING(whom)`. */
export function readMessage({ text, blocks }: Pick<SlackMessage, 'text' | 'blocks'>): string {
  return blocks.length > 0 ? readBlocks(blocks) : readMrkdwn(text);
}

export function readBlocks(blocks: readonly unknown[]): string {
  return blocks.map(readBlock).join('\n');
}

function readBlock(block: unknown): string {
  if (!isJson(block)) return '';
  const parts = [block['text'], block['fields'], block['accessory'], block['elements']].flat();
  return parts
    .map(readPart)
    .filter((part) => part !== '')
    .join(' ');
}

function readPart(part: unknown): string {
  if (!isJson(part)) return '';
  const { type, text } = part;
  if (type === 'mrkdwn' && typeof text === 'string') return readMrkdwn(text);
  if (type === 'plain_text' && typeof text === 'string') return text.replace(INVISIBLE, '');
  if (type === 'button') return `[${readPart(text)}]`;
  const { options } = part;
  if (type === 'overflow' && Array.isArray(options)) {
    return `[⋯ ${options.map((option) => readPart(isJson(option) ? option['text'] : null)).join(' | ')}]`;
  }
  return '';
}

/** Slack's own order: tokens in angle brackets first, then entities. */
export function readMrkdwn(mrkdwn: string): string {
  return mrkdwn
    .split(/(<[^<>]*>)/)
    .map((piece) => (piece.startsWith('<') ? readToken(piece.slice(1, -1)) : decoded(piece)))
    .join('')
    .replace(INVISIBLE, '');
}

function readToken(token: string): string {
  const [target = '', label] = token.split(/\|(.*)/s);
  if (target.startsWith('!date^')) return label ?? '';
  if (/^[!@]/.test(target)) return `PING(${target})`;
  if (target.startsWith('#')) return `#${target}`;
  return label === undefined ? decoded(target) : `${decoded(label)} ⇒ ${decoded(target)}`;
}

function decoded(text: string): string {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
