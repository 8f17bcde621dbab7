import { Parser } from 'htmlparser2';
import { isShareLink } from './share-rows.js';
import { createTextWriter, MAX_TEXT_LENGTH, type TextWriter } from './text-writer.js';
import { unseenKind, type Attributes } from './unseen-markup.js';

const MAX_SOURCE_LENGTH = 1_000_000;
const MAX_DEPTH = 300;
const CHUNK_LENGTH = 16_384;
const MAX_IMAGES = 200;
const MAX_INDENT = 8;

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const PARAGRAPHS = names(
  'p div section article aside main header footer blockquote figure figcaption pre table ul ol dl h1 h2 h3 h4 h5 h6 hr address details center',
);
/** A table may hold cells without a row. */
const ROWS = names('table tr');
const CELLS = names('td th');
const LISTS = names('ul ol');
const ENDINGS = names('li pre td th ul ol');
const LINES = names('br dt dd summary caption li legend');
/** The sign behind a heading that links to it, and the one that leads back from a footnote. */
const SIGN_ONLY = /^[\s#¶§🔗∞↩↑^\ufe0e\ufe0f]+$/u;
const FOOTNOTE_LINK = /#(?:fn|_ftn|footnote|cite[_-]note|note|ftnt|sdfootnote|endnote|user-content-fn)/i;
const FOOTNOTE_SIGN = /^\s*\[?(\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡])\]?\s*$/i;
const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  ...{ 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' },
  ...{ '+': '⁺', '-': '⁻', '\u2212': '⁻', n: 'ⁿ' },
};

/** What a person would see of a piece of HTML: paragraphs, lists and lines kept, entities decoded, bounded in size and depth. */
export function htmlToText(html: string): string {
  return walkHtml(html).text;
}

/** A picture as the HTML refers to it. */
export type ImageTag = Attributes;

/** The visible text, and the pictures in the order they stand. */
export interface WalkedHtml {
  readonly text: string;
  /** Lines of the text that hold nothing but links. */
  readonly linkLines: readonly string[];
  readonly images: readonly ImageTag[];
}

/** An element that is open. What holds for it holds for all it contains. */
interface Open {
  readonly name: string;
  readonly unseen: boolean;
  /** Where a picture can be found, though no text: for readers without scripts the real picture stands there. */
  readonly pictures: boolean;
  readonly link: string | null;
  readonly raised: boolean;
}

const ROOT: Open = { name: '', unseen: false, pictures: true, link: null, raised: false };

export function walkHtml(html: string): WalkedHtml {
  const walked = walk(html, true);
  // Some site's own design may call the whole text by the name of a plugin.
  return walked.text === '' && walked.leftOut ? walk(html, false) : walked;
}

function walk(html: string, withoutFurniture: boolean): WalkedHtml & { readonly leftOut: boolean } {
  const text = createTextWriter();
  const lists = createLists(text);
  const images: ImageTag[] = [];
  const open: Open[] = [];
  let top = ROOT;
  let leftOut = false;

  const parser = new Parser({
    onopentag: (rawName, attributes) => {
      const name = localName(rawName);
      const kind = top.unseen ? 'hidden' : unseenKind(name, attributes);
      leftOut ||= kind === 'furniture';
      top = within(top, name, attributes, kind === 'hidden' || (withoutFurniture && kind === 'furniture'));
      open.push(top);
      if (name === 'img' && top.pictures && images.length < MAX_IMAGES) images.push(attributes);
      if (!top.unseen) startElement(name, attributes, { text, lists });
    },
    onclosetag: () => {
      const was = open.pop();
      top = open.at(-1) ?? ROOT;
      if (was && !was.unseen) endElement(was.name, { text, lists });
    },
    ontext: (words) => {
      if (!top.unseen) writeWords(words, top, text);
    },
  });
  const source = html.slice(0, MAX_SOURCE_LENGTH);
  for (
    let at = 0;
    at < source.length && text.length() < MAX_TEXT_LENGTH && open.length < MAX_DEPTH;
    at += CHUNK_LENGTH
  ) {
    parser.write(source.slice(at, at + CHUNK_LENGTH));
  }
  if (open.length < MAX_DEPTH) parser.end();
  return { ...text.result(), images, leftOut };
}

function within(outer: Open, name: string, attributes: Attributes, unseen: boolean): Open {
  return {
    name,
    unseen: outer.unseen || unseen,
    pictures: outer.pictures && (!unseen || outer.unseen || name === 'noscript'),
    link: name === 'a' ? (attributes['href'] ?? null) : outer.link,
    raised: outer.raised || name === 'sup',
  };
}

interface Output {
  readonly text: TextWriter;
  readonly lists: Lists;
}

function startElement(name: string, attributes: Attributes, { text, lists }: Output): void {
  if (PARAGRAPHS.has(name)) text.breakLines(lists.depth() > 0 ? 1 : 2);
  else if (LINES.has(name)) text.breakLines(1);
  else if (CELLS.has(name)) text.startCell();
  if (ROWS.has(name)) text.startRow();
  else if (name === 'pre') text.preserve(true);
  else if (name === 'li') lists.item(attributes);
  else if (LISTS.has(name)) lists.open(name, attributes);
}

function endElement(name: string, { text, lists }: Output): void {
  if (ENDINGS.has(name)) endStructure(name, { text, lists });
  if (PARAGRAPHS.has(name)) text.breakLines(lists.depth() > 0 ? 1 : 2);
  else if (LINES.has(name) && name !== 'br') text.breakLines(1);
}

function endStructure(name: string, { text, lists }: Output): void {
  if (name === 'li') text.mark('');
  else if (name === 'pre') text.preserve(false);
  else if (CELLS.has(name)) text.endCell();
  else lists.close();
}

function writeWords(words: string, { link, raised }: Open, text: TextWriter): void {
  const place = { inLink: link !== null, inShareLink: link !== null && isShareLink(link) };
  if (link?.includes('#') && SIGN_ONLY.test(words)) return;
  if (!raised) {
    text.write(words, place);
    return;
  }
  const footnote = link !== null && FOOTNOTE_LINK.test(link) ? FOOTNOTE_SIGN.exec(words)?.[1] : undefined;
  text.write(footnote === undefined ? raisedWords(words) : `[${footnote}]`, place);
}

/** 10<sup>9</sup> is not 109. */
function raisedWords(words: string): string {
  return /^[\d+\-\u2212n]{1,12}$/.test(words) ? words.replace(/./g, (sign) => SUPERSCRIPTS[sign] ?? sign) : words;
}

interface Lists {
  readonly open: (name: string, attributes: Attributes) => void;
  readonly close: () => void;
  readonly item: (attributes: Attributes) => void;
  readonly depth: () => number;
}

/** Bullets and numbers, indented by how deep their list stands. */
function createLists(text: TextWriter): Lists {
  const lists: (number | null)[] = [];
  return {
    open: (name, attributes) => {
      lists.push(name === 'ol' ? wholeNumber(attributes['start'], 1) : null);
    },
    close: () => {
      lists.pop();
    },
    item: (attributes) => {
      const indent = '  '.repeat(Math.min(Math.max(lists.length - 1, 0), MAX_INDENT));
      const last = lists.at(-1) ?? null;
      if (last === null) {
        text.mark(`${indent}- `);
        return;
      }
      const number = wholeNumber(attributes['value'], last);
      lists[lists.length - 1] = number + 1;
      text.mark(`${indent}${String(number)}. `);
    },
    depth: () => lists.length,
  };
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^\s*-?\d{1,6}\s*$/.test(text) ? Number(text) : otherwise;
}

/** XHTML in feeds often carries a prefix. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
