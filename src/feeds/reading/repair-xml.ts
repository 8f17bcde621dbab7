import { Parser } from 'htmlparser2';
import { withoutDoctype } from './doctype.js';
import type { Root } from './feed-draft.js';
import { createFeedWriter, type WrittenFeed } from './feed-writer.js';
import { mendCharacters } from './mend-characters.js';
import { mendTags } from './mend-tags.js';

export type RepairedXml =
  | {
      readonly kind: 'xml';
      readonly root: Root;
      /** The document without its entries. */
      readonly frame: string;
      /** Each an element of its own. */
      readonly entries: readonly string[];
      /** The document never ends its root: something of it is missing. */
      readonly cutOff: boolean;
    }
  | { readonly kind: 'html' | 'empty' | 'broken-xml' | 'other' };

const CHUNK_LENGTH = 65_536;

const ROOT = /<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)(?=[\s>/])/i;
const ROOT_END = /<\/(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>/i;
const WEB_PAGE = /<(?:html|head|body)(?=[\s>])/i;
const WEB_DOCTYPE = /^<!doctype\s+html/i;

/**
 * Writes a feed anew as well-formed XML that no strict reader stumbles over: usual prefixes, escaped text, every element
 * closed, no declarations, comments or entities of its own, a bounded number of entries. An entry that the document
 * breaks off in is left out. Takes time linear in the length of the text.
 */
export function repairXml(text: string): RepairedXml {
  const mended = mendTags(withoutDoctype(mendCharacters(text)));
  const root = ROOT.exec(mended);
  const page = WEB_PAGE.exec(mended);
  if (page && (!root || page.index < root.index)) return { kind: 'html' };
  if (!root) return { kind: lacking(text.trim()) };
  const written = rewritten(mended.slice(root.index));
  return written ? { kind: 'xml', ...written, cutOff: !ROOT_END.test(mended) } : { kind: 'broken-xml' };
}

function lacking(text: string): 'empty' | 'html' | 'other' {
  if (text === '') return 'empty';
  return WEB_DOCTYPE.test(text) ? 'html' : 'other';
}

/** Null if the document is nested or crowded beyond reason. */
function rewritten(source: string): WrittenFeed | null {
  const writer = createFeedWriter(source);
  const parser = new Parser(writer, { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true });
  for (let at = 0; at < source.length && writer.wantsMore(); at += CHUNK_LENGTH) {
    parser.write(source.slice(at, at + CHUNK_LENGTH));
  }
  return writer.finish(() => {
    parser.end();
  });
}
