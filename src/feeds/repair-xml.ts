import { Parser } from 'htmlparser2';
import { createFeedWriter, type Root, type WrittenFeed } from './feed-writer.js';

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
/** A "<" that begins nothing: "5 < 6", "x <- y". */
const BARE_LESS_THAN = /<(?!\/?[a-z_]|[!?])/gi;
const ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * Writes a feed anew as well-formed XML that no strict reader stumbles over: usual prefixes, escaped text, every element
 * closed, no declarations, comments or entities of its own, a bounded number of entries. An entry that the document
 * breaks off in is left out. One pass, in time linear in the length of the text.
 */
export function repairXml(text: string): RepairedXml {
  const legal = withoutDoctype(text.replace(ILLEGAL, ''));
  const root = ROOT.exec(legal);
  const page = WEB_PAGE.exec(legal);
  if (page && (!root || page.index < root.index)) return { kind: 'html' };
  if (!root) return { kind: lacking(text.trim()) };
  const written = rewritten(legal.slice(root.index).replace(BARE_LESS_THAN, '&lt;'));
  return written ? { kind: 'xml', ...written, cutOff: !ROOT_END.test(legal) } : { kind: 'broken-xml' };
}

function lacking(text: string): 'empty' | 'html' | 'other' {
  if (text === '') return 'empty';
  return WEB_DOCTYPE.test(text) ? 'html' : 'other';
}

/** Drops the document type with the entities it declares: they are how a short document becomes a huge one. */
function withoutDoctype(text: string): string {
  const start = /<!doctype/i.exec(text)?.index ?? -1;
  if (start < 0) return text;
  const subset = text.indexOf('[', start);
  const end = text.indexOf('>', start);
  if (end < 0) return text;
  const close = subset > 0 && subset < end ? text.indexOf(']', subset) : start;
  const last = text.indexOf('>', close);
  return close < 0 || last < 0 ? text.slice(0, start) : text.slice(0, start) + text.slice(last + 1);
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
