import { withoutDoctype } from './doctype.js';
import { mendCharacters } from './mend-characters.js';
import { mendTags } from './mend-tags.js';
import { writeFeed, type WrittenFeed } from './write-feed.js';

export type RepairedXml =
  | (WrittenFeed & {
      readonly kind: 'xml';
      /** The document never ends its root: something of it is missing. */
      readonly cutOff: boolean;
    })
  | { readonly kind: 'html' | 'empty' | 'broken-xml' | 'too-long' | 'other' };

const ROOT = /<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)(?=[\s>/])/i;
const ROOT_END = /<\/(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>/i;
const END_LENGTH = 50;
const WEB_PAGE = /<(?:html|head|body)(?=[\s>])/i;
const WEB_DOCTYPE = /^<!doctype\s+html/i;

/**
 * Writes a feed anew as well-formed XML that no strict reader stumbles over: usual prefixes, escaped text, every element
 * closed, no declarations, comments or entities of its own, a bounded number of entries. An entry that the document
 * breaks off in is left out. Takes time linear in the length of the text. `mostWritten`: so many characters besides entries
 * that are set apart.
 */
export function repairXml(text: string, mostWritten: number): RepairedXml {
  const mended = mendTags(withoutDoctype(mendCharacters(text)));
  const root = ROOT.exec(mended);
  const before = root ? mended.slice(0, root.index) : mended;
  if (WEB_PAGE.test(before)) return { kind: 'html' };
  if (!root) return { kind: lacking(text.trim()) };
  const source = mended.slice(root.index);
  const written = writeFeed(source, mostWritten);
  if (written === 'too-long') return { kind: written };
  return written ? { kind: 'xml', ...written, cutOff: !endsRoot(source) } : { kind: 'broken-xml' };
}

/** Nearly always it is the last tag. */
function endsRoot(source: string): boolean {
  return ROOT_END.test(source.slice(-END_LENGTH)) || ROOT_END.test(source);
}

function lacking(text: string): 'empty' | 'html' | 'other' {
  if (text === '') return 'empty';
  return WEB_DOCTYPE.test(text) ? 'html' : 'other';
}
