import { isFeedName } from './feed-names.js';
import { MAX_TAG_LENGTH, mendedTag, type Piece, type TagStart } from './mend-tag.js';

const SECTION = /<!\s*\[\s*cdata\s*\[/iy;
const TAG_NAME = /<(\/?)(\s*)([a-z_][\w.:-]*)/iy;
/** A tag that needs no mending, as nearly all. Of more attributes the pattern would take too much stack. */
const WHOLE_TAG = /<\/?[a-z_][\w.:-]*(?:\s+[^\s="'<>]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*')){0,20}[\s/]*>/iy;
const QUOTED_ATTRIBUTES = /^(?:\s+[^\s="']+\s*=\s*(?:"[^"]*"|'[^']*'))*[\s/]*>$/;
/** What publishers leave behind of a section's end. */
const BROKEN_END = /\]{1,2}\s*>?\s*$/;
const MORE_ENDS = /(?:\s*\]\]>)+/y;

/** Millions of small strings take far more memory than their text. */
const MOST_PARTS = 20_000;

/** Finds the first occurrence at or after a position; remembers it, so that asking often takes linear time. */
type Finder = (from: number) => number;

interface Source {
  readonly text: string;
  readonly next: Readonly<Record<'open' | 'close' | 'section' | 'comment' | 'instruction', Finder>>;
  /** Where the element began that started last: a section that is never closed ends with it. */
  element: number;
}

/**
 * Makes of every "<" the beginning of a whole tag or of a whole section, or `&lt;`. Comments and instructions are
 * dropped. Tags that lack their ">" or a quote get it where a feed's own vocabulary says that they must end.
 */
export function mendTags(text: string): string {
  const source: Source = {
    text,
    next: {
      open: finder(text, '<'),
      close: finder(text, '>'),
      section: finder(text, ']]>'),
      comment: finder(text, '-->'),
      instruction: finder(text, '?>'),
    },
    element: -1,
  };
  const chunks: string[] = [];
  let parts: string[] = [];
  let [at, written] = [0, 0];
  for (let open = source.next.open(0); open >= 0; open = source.next.open(at)) {
    const whole = wholeTagEnd(source, open);
    const piece = whole < 0 ? pieceAt(source, open) : null;
    at = piece?.end ?? whole;
    if (!piece || isAsWritten(piece, text, open)) continue;
    parts.push(text.slice(written, open), piece.text);
    written = at;
    if (parts.length < MOST_PARTS) continue;
    chunks.push(parts.join(''));
    parts = [];
  }
  return written === 0 ? text : chunks.join('') + parts.join('') + text.slice(written);
}

/** What is left where it stands need not be put together again: most documents have nothing to mend. */
function isAsWritten(piece: Piece, text: string, at: number): boolean {
  return piece.end - at === piece.text.length && text.startsWith(piece.text, at);
}

/** -1 if it may need mending. */
function wholeTagEnd(source: Source, at: number): number {
  WHOLE_TAG.lastIndex = at;
  if (!WHOLE_TAG.test(source.text) || WHOLE_TAG.lastIndex - at > MAX_TAG_LENGTH) return -1;
  if (source.text[at + 1] !== '/') source.element = at;
  return WHOLE_TAG.lastIndex;
}

function finder(text: string, wanted: string): Finder {
  let known = -2;
  return (from) => {
    if (known === -1 || known >= from) return known;
    known = text.indexOf(wanted, from);
    return known;
  };
}

function pieceAt(source: Source, at: number): Piece {
  const next = source.text[at + 1];
  if (next === '!') return declarationAt(source, at);
  return next === '?' ? instructionAt(source, at) : tagAt(source, at);
}

function declarationAt(source: Source, at: number): Piece {
  const { text, next } = source;
  SECTION.lastIndex = at;
  if (SECTION.test(text)) return sectionAt(source, SECTION.lastIndex);
  if (text.startsWith('<!--', at)) {
    const end = next.comment(at + 4);
    return { text: '', end: end < 0 ? at + 4 : end + 3 };
  }
  return dropped(at, next.close(at));
}

/** A section ends with "]]>", or with its element when it forgot to: then others begin before it would end. */
function sectionAt(source: Source, start: number): Piece {
  const { text, next } = source;
  const stated = next.section(start);
  const whole = text.slice(start, stated < 0 ? text.length : stated);
  const ownEnd = stated < 0 || /<!\[cdata\[/i.test(whole) ? endOfElement(source, whole) : -1;
  if (ownEnd >= 0) return section(whole.slice(0, ownEnd).replace(BROKEN_END, ''), start + ownEnd);
  if (stated < 0) return { text: `<![CDATA[${whole}`, end: text.length };
  MORE_ENDS.lastIndex = stated;
  return section(whole, MORE_ENDS.test(text) ? MORE_ENDS.lastIndex : stated + 3);
}

/** Where in this text the element ends that started last; -1 for nowhere. */
function endOfElement({ text, element }: Source, within: string): number {
  const start = element < 0 ? null : tagStartAt(text, element);
  return start ? within.indexOf(`</${start.name}>`) : -1;
}

function section(content: string, end: number): Piece {
  return { text: `<![CDATA[${content.replace(/<!\[cdata\[/gi, '')}]]>`, end };
}

/** Other instructions than XML's own may hold ">" themselves. */
function instructionAt({ text, next }: Source, at: number): Piece {
  const close = next.close(at);
  const end = text.startsWith('<?xml', at) ? -1 : next.instruction(at);
  return end < 0 ? dropped(at, close) : { text: '', end: end + 2 };
}

function dropped(at: number, close: number): Piece {
  return close < 0 ? { text: '&lt;', end: at + 1 } : { text: '', end: close + 1 };
}

function tagAt(source: Source, at: number): Piece {
  const { text } = source;
  const start = tagStartAt(text, at);
  const piece = start && (wholeTag(source, start) ?? mendedTag(text, start));
  if (piece && start.slash === '') source.element = at;
  return piece ?? { text: '&lt;', end: at + 1 };
}

function tagStartAt(text: string, at: number): TagStart | null {
  TAG_NAME.lastIndex = at;
  const match = TAG_NAME.exec(text);
  if (!match) return null;
  const [all, slash = '', space = '', name = ''] = match;
  const nameEnd = at + all.length;
  return space === '' || isLoneName(text, nameEnd, name) ? { at, nameEnd, slash, name } : null;
}

/** "< title>" is a tag with a space too many; "a < b" is not. */
function isLoneName(text: string, nameEnd: number, name: string): boolean {
  return isFeedName(name) && /^\s*>/.test(text.slice(nameEnd, nameEnd + 3));
}

/** Null unless it ends before another begins and all of its attributes are quoted, as nearly always. */
function wholeTag({ text, next }: Source, { at, slash, name, nameEnd }: TagStart): Piece | null {
  const close = next.close(at);
  const open = next.open(at + 1);
  // The pattern for attributes takes stack for each of them.
  if (close < 0 || (open >= 0 && open < close) || close - at > MAX_TAG_LENGTH) return null;
  const rest = text.slice(nameEnd, close + 1);
  return !rest.includes('=') || QUOTED_ATTRIBUTES.test(rest)
    ? { text: `<${slash}${name}${rest}`, end: close + 1 }
    : null;
}
