import type { Interpreted } from '../interpreted.js';

interface Found {
  readonly length: number;
  /** As it is seen. */
  readonly text: string;
}

type Link = Interpreted['links'][number];

const MENTION = /^<(?:@!?|@&|#|\/[^:>]*:|t:|a?:\w+:|id:)[^>]*>/;
const WEB = /^https?:\/\/[^\s<]+[^<.,:;"'\]\s]/;
const PAIRS: readonly (readonly [string, RegExp])[] = [
  ['code', /^(`+)([^]*?[^`])\1(?!`)/],
  ['bold', /^(\*\*)([^]+?)\*\*(?!\*)/],
  ['underline', /^(__)([^]+?)__(?!_)/],
  ['strike', /^(~~)([^]+?)~~/],
  ['spoiler', /^(\|\|)([^]+?)\|\|/],
  ['italic', /^(\*)(?=\S)([^*]+?)\*(?!\*)/],
  ['italic', /^(_)([^_]+?)_(?!\w)/],
];
const AT_LINE_START: readonly (readonly [string, RegExp])[] = [
  ['heading', /^#{1,3} +/],
  ['small', /^-# +/],
  ['quote', /^ *(?:>>>|>) /],
  ['list', /^ *[-*+] +/],
  ['list', /^ *\d+[.)] +/],
];

/** What Discord's client makes of Markdown: the text that a person sees, and everything in it that is more than text. */
export function interpretMarkdown(markdown: string): Interpreted {
  const effects: string[] = [];
  const links: Link[] = [];
  let text = '';
  let at = 0;
  while (at < markdown.length) {
    const lineStart = at === 0 || markdown[at - 1] === '\n';
    const found = readAt(markdown.slice(at), lineStart, { effects, links });
    text += found.text;
    at += found.length;
  }
  return { text, effects, links };
}

function readAt(
  rest: string,
  lineStart: boolean,
  { effects, links }: { readonly effects: string[]; readonly links: Link[] },
): Found {
  const escaped = readEscape(rest) ?? (lineStart ? readLineStart(rest, effects) : null);
  const marked = escaped ?? readLink(rest, effects, links) ?? readMention(rest, effects);
  return marked ?? readPair(rest, effects, links) ?? { length: 1, text: rest.charAt(0) };
}

function readEscape(rest: string): Found | null {
  const [whole] = /^\\[^0-9A-Za-z\s]/u.exec(rest) ?? [];
  return whole === undefined ? null : { length: whole.length, text: whole.slice(1) };
}

function readLineStart(rest: string, effects: string[]): Found | null {
  for (const [name, pattern] of AT_LINE_START) {
    const [whole] = pattern.exec(rest) ?? [];
    if (whole === undefined) continue;
    effects.push(name);
    return { length: whole.length, text: '' };
  }
  return null;
}

function readLink(rest: string, effects: string[], links: Link[]): Found | null {
  const masked = /^\[((?:\\[^]|[^[\]\\])+)\]\(\s*<?(https?:\/\/[^\s)>]+)>?(?:\s+["'][^)]*)?\s*\)/.exec(rest);
  if (masked) {
    const [whole, label = '', target = ''] = masked;
    const inside = interpretMarkdown(label);
    effects.push(...inside.effects);
    links.push({ label: inside.text, target });
    return { length: whole.length, text: inside.text };
  }
  const [framed, bare = ''] = /^<(https?:\/\/[^\s>]+)>/.exec(rest) ?? [];
  const [open] = WEB.exec(rest) ?? [];
  const target = framed === undefined ? open : bare;
  if (target === undefined) return null;
  links.push({ label: target, target });
  return { length: (framed ?? target).length, text: target };
}

function readMention(rest: string, effects: string[]): Found | null {
  const [ping] = MENTION.exec(rest) ?? /^@(?:everyone|here)/.exec(rest) ?? [];
  if (ping !== undefined) {
    effects.push(`ping ${ping}`);
    return { length: ping.length, text: `PING(${ping})` };
  }
  const [invite] = /^(?:discord\.gg|discord(?:app)?\.com\/invite|discord\.gift)\/\w+/.exec(rest) ?? [];
  if (invite !== undefined) {
    effects.push('invite');
    return { length: invite.length, text: `INVITE(${invite})` };
  }
  const [emoji] = /^:[\w+-]*[a-z][\w+-]*:/i.exec(rest) ?? [];
  if (emoji === undefined) return null;
  effects.push(`emoji ${emoji}`);
  return { length: emoji.length, text: `EMOJI(${emoji})` };
}

function readPair(rest: string, effects: string[], links: Link[]): Found | null {
  for (const [name, pattern] of PAIRS) {
    const [whole, , inside = ''] = pattern.exec(rest) ?? [];
    if (whole === undefined) continue;
    effects.push(name);
    if (name === 'code') return { length: whole.length, text: inside };
    const read = interpretMarkdown(inside);
    effects.push(...read.effects);
    links.push(...read.links);
    return { length: whole.length, text: read.text };
  }
  return null;
}
