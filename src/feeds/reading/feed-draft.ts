import type { Parser } from 'htmlparser2';
import type { Attributes } from './written-xml.js';
import { createXmlNames, type XmlNames } from './xml-names.js';

/** Of what is written. */
const MAX_DEPTH = 500;
/** Of what is open, as the tokenizer sees it: an element that is never closed makes all that follow it deeper. */
const MAX_UNCLOSED = 5_000;
const MAX_ELEMENTS = 250_000;
/** Each reference is a text of its own; a text of markup holds two for each tag. */
const MAX_TEXTS = 1_500_000;

export type Root = 'rss' | 'rdf:RDF' | 'feed';

/** A text element that is being read. */
export interface Capture {
  readonly name: string;
  readonly attributes: Attributes;
  /** Where its content begins in the source. */
  readonly start: number;
  readonly text: string[];
  /** Open elements within it. */
  depth: number;
  hasMarkup: boolean;
}

/** An entry as it is written anew. */
export interface WrittenEntry {
  /** Where it begins in the source. */
  readonly at: number;
  readonly text: string;
}

/** What was read so far, of a document or of one that parts of it were set apart from. */
export interface Tokens {
  elements: number;
  texts: number;
}

/** Everything a writer knows of the document so far. */
export interface Draft {
  readonly source: string;
  readonly names: XmlNames;
  readonly tokens: Tokens;
  readonly frame: string[];
  /** The entries that have ended. */
  readonly entries: WrittenEntry[];
  /** The entry that is open. */
  entry: { readonly at: number; readonly parts: string[] } | null;
  readonly open: string[];
  position: Pick<Parser, 'startIndex' | 'endIndex'>;
  state: 'reading' | 'ended' | 'overgrown';
  inputEnded: boolean;
  capture: Capture | null;
  root: Root | null;
  hasChannel: boolean;
  /** The root was closed. Entries may still follow: some generators close it too early. */
  rootEnded: boolean;
  depth: number;
}

export function isOvergrown({ tokens: { elements, texts }, depth, open, capture }: Draft): boolean {
  if (elements > MAX_ELEMENTS || texts > MAX_TEXTS) return true;
  return depth > MAX_UNCLOSED || open.length + (capture?.depth ?? 0) > MAX_DEPTH;
}

export function emptyDraft(source: string): Draft {
  return {
    source,
    names: createXmlNames(),
    tokens: { elements: 0, texts: 0 },
    frame: [],
    entries: [],
    entry: null,
    open: [],
    position: { startIndex: 0, endIndex: 0 },
    state: 'reading',
    inputEnded: false,
    capture: null,
    root: null,
    hasChannel: false,
    rootEnded: false,
    depth: 0,
  };
}
