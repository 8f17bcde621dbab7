import { isFeedName } from './feed-names.js';

/** A part of the source, written anew, and where it ended there. */
export interface Piece {
  readonly text: string;
  readonly end: number;
}

/** Where a tag begins, and what is known of it. */
export interface TagStart {
  readonly at: number;
  /** Behind the name. */
  readonly nameEnd: number;
  readonly slash: string;
  readonly name: string;
}

export const MAX_TAG_LENGTH = 20_000;
const ENDS: ReadonlySet<string | undefined> = new Set(['<', '>', undefined]);
const SPACE = /[\s/]*/y;
const ATTRIBUTE_NAME = /([^\s=<>/"'“”]+)(\s*=\s*)?/y;
/** A quoted value, and what follows it. */
const QUOTED = /(?:"([^"]*)"|'([^']*)'|[“”„]([^“”"<>]*)[“”"])(.?)/sy;
/** Also a value that lacks its second quote. A slash before ">" ends the element, though it might be the value's last. */
const UNQUOTED = /["'“”„]?((?:[^\s<>/]|\/(?!\s*>))*)/y;
const STRAY = /["'“”=]+/y;

/** The tag with every attribute quoted. Null if this is no tag, but a "<" of a text. */
export function mendedTag(text: string, { at, nameEnd, slash, name }: TagStart): Piece | null {
  const attributes: string[] = [];
  const tag = (end: string) => `<${slash}${name}${slash === '' ? attributes.join('') : ''}${end}`;
  let here = after(SPACE, text, nameEnd);
  while (!ENDS.has(text[here]) && here < at + MAX_TAG_LENGTH) {
    const attribute = attributeAt(text, here);
    attributes.push(attribute.text);
    here = after(SPACE, text, attribute.end);
  }
  if (text[here] === '>') return { text: tag(text[here - 1] === '/' ? '/>' : '>'), end: here + 1 };
  // It never ends. Where an element of a feed stands, only the ">" was forgotten.
  return isFeedName(name) ? { text: tag('>'), end: here } : null;
}

/** An attribute, or the stray characters that stand in place of one. */
function attributeAt(text: string, at: number): Piece {
  ATTRIBUTE_NAME.lastIndex = at;
  const match = ATTRIBUTE_NAME.exec(text);
  if (!match) return { text: '', end: after(STRAY, text, at) };
  const [all, name = '', sign] = match;
  const end = at + all.length;
  if (sign === undefined) return { text: ` ${name}=""`, end };
  const value = valueAt(text, end);
  return { text: ` ${name}="${value.text.replace(/"/g, '&quot;').replace(/</g, '&lt;')}"`, end: value.end };
}

function valueAt(text: string, at: number): Piece {
  QUOTED.lastIndex = at;
  const [all = '', value = '', behind = ''] = withoutQuotes(QUOTED.exec(text));
  // A quote with tags before it and a word behind it opens the value of another attribute.
  const isWhole = !/[<>]/.test(value) || /^[\s/>]$/.test(behind);
  if (all !== '' && isWhole) return { text: value, end: at + all.length - behind.length };
  UNQUOTED.lastIndex = at;
  const [bare = '', bareValue = ''] = UNQUOTED.exec(text) ?? [];
  return { text: bareValue, end: at + bare.length };
}

function withoutQuotes(match: RegExpExecArray | null): (string | undefined)[] {
  if (!match) return [];
  const [all, double, single, curly, behind] = match;
  return [all, double ?? single ?? curly, behind];
}

function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
