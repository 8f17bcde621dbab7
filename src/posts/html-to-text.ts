import { Parser } from 'htmlparser2';

const MAX_SOURCE_LENGTH = 1_000_000;
const MAX_TEXT_LENGTH = 200_000;
const MAX_DEPTH = 300;
const CHUNK_LENGTH = 16_384;

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements that nobody sees as text. */
const UNSEEN = names(
  'script style noscript template head title iframe object embed applet svg math canvas audio video map select option button textarea input form dialog frameset',
);
const PARAGRAPHS = names(
  'p div section article aside main header footer nav blockquote figure figcaption pre table ul ol dl h1 h2 h3 h4 h5 h6 hr address details center',
);
const LINES = names('br tr dt dd summary caption li');
const CELLS = names('td th');
const HIDING_STYLE = /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i;

type Attributes = Readonly<Record<string, string>>;

/** What a person would see of a piece of HTML: paragraphs and lines kept, entities decoded, bounded in size and depth. */
export function htmlToText(html: string): string {
  return walkHtml(html).text;
}

/** A picture as the HTML refers to it. */
export type ImageTag = Attributes;

/** The visible text, and the pictures in the order they stand. */
export interface WalkedHtml {
  readonly text: string;
  readonly images: readonly ImageTag[];
}

export function walkHtml(html: string): WalkedHtml {
  const text = createTextWriter();
  const images: ImageTag[] = [];
  const open: { readonly name: string; readonly unseen: boolean }[] = [];
  const unseen = () => open.at(-1)?.unseen ?? false;

  const parser = new Parser({
    onopentag: (rawName, attributes) => {
      const name = localName(rawName);
      open.push({ name, unseen: unseen() || UNSEEN.has(name) || isHidden(attributes) });
      if (unseen()) return;
      if (name === 'img') images.push(attributes);
      startElement(name, text);
    },
    onclosetag: (rawName) => {
      const was = open.pop();
      if (was && !was.unseen) endElement(localName(rawName), text);
    },
    ontext: (words) => {
      if (!unseen()) text.write(words);
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
  return { text: text.result(), images };
}

function startElement(name: string, text: TextWriter): void {
  if (name === 'pre') text.preserve(true);
  if (PARAGRAPHS.has(name)) text.breakLines(2);
  else if (LINES.has(name)) text.breakLines(1);
  else if (CELLS.has(name)) text.write(' ');
  if (name === 'li') text.mark('- ');
}

function endElement(name: string, text: TextWriter): void {
  if (name === 'li') text.mark('');
  if (name === 'pre') text.preserve(false);
  if (PARAGRAPHS.has(name)) text.breakLines(2);
  else if (LINES.has(name) && name !== 'br') text.breakLines(1);
}

/** XHTML in feeds often carries a prefix. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function isHidden(attributes: Attributes): boolean {
  return 'hidden' in attributes || HIDING_STYLE.test(attributes['style'] ?? '');
}

interface TextWriter {
  readonly write: (words: string) => void;
  /** At least this many line ends before the next word. */
  readonly breakLines: (count: number) => void;
  /** Stands right before the next word, on its line; nothing is written if no word comes. */
  readonly mark: (marker: string) => void;
  /** Within `pre`, white space is kept as it stands. */
  readonly preserve: (on: boolean) => void;
  readonly length: () => number;
  readonly result: () => string;
}

/** Writes words with single spaces between them, and breaks only between words. */
function createTextWriter(): TextWriter {
  const parts: string[] = [];
  let length = 0;
  let breaks = 0;
  let space = false;
  let preserved = 0;
  let marker = '';

  function push(part: string): void {
    if (length === 0 || breaks > 0) parts.push(length === 0 ? '' : '\n'.repeat(breaks));
    else if (space) parts.push(' ');
    breaks = 0;
    space = false;
    parts.push(marker, part);
    length += part.length;
    marker = '';
  }

  return {
    write: (words) => {
      if (preserved > 0) {
        const kept = length === 0 || breaks > 0 ? words.replace(/^\s*\n/, '') : words;
        if (kept !== '') push(kept);
        return;
      }
      const trimmed = words.trim();
      space ||= /^\s/.test(words);
      if (trimmed !== '') push(trimmed.replace(/\s+/g, ' '));
      if (trimmed !== '' || words !== '') space ||= /\s$/.test(words);
    },
    breakLines: (count) => {
      if (marker === '') breaks = Math.max(breaks, count);
      space = false;
    },
    mark: (next) => {
      marker = next;
    },
    preserve: (on) => {
      preserved += on ? 1 : -1;
    },
    length: () => length,
    result: () => parts.join('').trimEnd().slice(0, MAX_TEXT_LENGTH),
  };
}
