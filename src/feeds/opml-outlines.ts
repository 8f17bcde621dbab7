import { Parser } from 'htmlparser2';

/** One line of a list. */
export interface Outline {
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** Names in lower case, values with their entities decoded. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly hasChildren: boolean;
}

const OPML = /<(?:opml|outline)(?=[\s>/])/i;
const CHUNK_LENGTH = 65_536;
/** A bare "<" in a title, and characters that XML forbids. */
const BARE_LESS_THAN = /<(?!\/?[a-z_]|[!?])/gi;

/** The outlines of a list in the order they stand, however deep or broken. Null if the text is no list. */
export function outlinesOf(text: string): readonly Outline[] | null {
  if (!OPML.test(text)) return null;
  const source = text.replace(BARE_LESS_THAN, '&lt;');
  const found: { line: number; attributes: Record<string, string>; hasChildren: boolean }[] = [];
  const open: (typeof found)[number][] = [];
  const lines = lineCounter(source);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (name !== 'outline') return;
        const outline = { line: lines.at(parser.startIndex), attributes, hasChildren: false };
        const parent = open.at(-1);
        if (parent) parent.hasChildren = true;
        open.push(outline);
        found.push(outline);
      },
      onclosetag: (name) => {
        if (name === 'outline') open.pop();
      },
    },
    { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  for (let at = 0; at < source.length; at += CHUNK_LENGTH) parser.write(source.slice(at, at + CHUNK_LENGTH));
  parser.end();
  return found;
}

/** Positions must be asked for in rising order. */
function lineCounter(text: string): { readonly at: (index: number) => number } {
  let line = 1;
  let seen = 0;
  return {
    at: (index) => {
      for (let next = text.indexOf('\n', seen); next >= 0 && next < index; next = text.indexOf('\n', seen)) {
        line += 1;
        seen = next + 1;
      }
      return line;
    },
  };
}
