import type { Handler, Parser } from 'htmlparser2';
import { isXmlName, literal, openTag, type Attributes } from './written-xml.js';
import { createXmlNames, type XmlNames } from './xml-names.js';

const MAX_ENTRIES = 1_000;
const MAX_DEPTH = 500;
const MAX_ELEMENTS = 250_000;

/** Elements whose content is one text: tags within them belong to the text, not to the feed. */
const TEXTS = new Set([
  'title',
  'description',
  'summary',
  'content',
  'content:encoded',
  'subtitle',
  'tagline',
  'body',
  'xhtml:body',
]);
const ENTRIES = new Set(['item', 'entry']);
const ROOTS: ReadonlySet<string> = new Set<Root>(['rss', 'rdf:RDF', 'feed']);

export type Root = 'rss' | 'rdf:RDF' | 'feed';

/** A feed as XML: what stands around its entries as one document, and each entry as an element. */
export interface WrittenFeed {
  readonly root: Root;
  readonly frame: string;
  readonly entries: readonly string[];
}

/** A text element that is being read. */
interface Capture {
  readonly name: string;
  readonly attributes: Attributes;
  /** Where its content begins in the source. */
  readonly start: number;
  readonly text: string[];
  /** Open elements within it. */
  depth: number;
  hasMarkup: boolean;
}

/** Everything a writer knows of the document so far. */
interface Draft {
  readonly source: string;
  readonly names: XmlNames;
  readonly frame: string[];
  /** The entries that have ended. */
  readonly entries: string[];
  /** The entry that is open. */
  entry: string[] | null;
  readonly open: string[];
  position: Pick<Parser, 'startIndex' | 'endIndex'>;
  state: 'reading' | 'ended' | 'overgrown';
  inputEnded: boolean;
  capture: Capture | null;
  root: Root | null;
  hasChannel: boolean;
  elements: number;
  depth: number;
}

export interface FeedWriter extends Partial<Handler> {
  readonly wantsMore: () => boolean;
  /** Ends the document, letting `endInput` flush what the tokenizer still holds. Null if it was beyond all bounds. */
  readonly finish: (endInput: () => void) => WrittenFeed | null;
}

/** Writes the tokens of a feed as a well-formed document, mending the structure on the way. */
export function createFeedWriter(source: string): FeedWriter {
  const draft = emptyDraft(source);
  return {
    onparserinit: (parser) => {
      draft.position = parser;
    },
    onopentag: (rawName, attributes) => {
      draft.elements += 1;
      draft.depth += 1;
      if (draft.elements > MAX_ELEMENTS || draft.depth > MAX_DEPTH) draft.state = 'overgrown';
      if (draft.state !== 'reading') return;
      draft.names.declare(attributes);
      onElement(draft, draft.names.of(rawName), attributes);
    },
    onclosetag: (rawName) => {
      draft.depth -= 1;
      if (draft.state === 'reading') onElementEnd(draft, draft.names.of(rawName));
    },
    ontext: (text) => {
      if (draft.state !== 'reading') return;
      if (draft.capture) draft.capture.text.push(text);
      else if (draft.open.length > 0) put(draft, literal(text));
    },
    wantsMore: () => draft.state === 'reading',
    finish: (endInput) => {
      draft.inputEnded = true;
      if (draft.state === 'reading') endInput();
      if (draft.state === 'overgrown') return null;
      endTo(draft, 0);
      return draft.root && { root: draft.root, frame: draft.frame.join(''), entries: draft.entries };
    },
  };
}

function emptyDraft(source: string): Draft {
  return {
    source,
    names: createXmlNames(),
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
    elements: 0,
    depth: 0,
  };
}

function onElement(draft: Draft, name: string, attributes: Attributes): void {
  const { open, capture } = draft;
  if (ENTRIES.has(name) && open.length > 0) onEntry(draft, attributes);
  else if (capture) {
    capture.hasMarkup = true;
    capture.depth += 1;
  } else if (name === 'channel') onChannel(draft, attributes);
  else if (TEXTS.has(name) && open.length > 0) {
    draft.capture = { name, attributes, start: draft.position.endIndex + 1, text: [], depth: 0, hasMarkup: false };
  } else if (isRoot(name)) onRoot(draft, name, attributes);
  else if (isXmlName(name)) start(draft, name, attributes);
}

function isRoot(name: string): name is Root {
  return ROOTS.has(name);
}

function onRoot(draft: Draft, name: Root, attributes: Attributes): void {
  if (draft.root) return;
  draft.root = name;
  start(draft, name, attributes);
}

/** A channel that nothing stands around is RSS that forgot its root; a second one goes on with the first. */
function onChannel(draft: Draft, attributes: Attributes): void {
  if (draft.hasChannel) return;
  if (draft.open.length === 0) onRoot(draft, 'rss', {});
  draft.hasChannel = true;
  start(draft, 'channel', attributes);
}

/** Ends what is open until an entry may begin, wherever the document has put it. */
function onEntry(draft: Draft, attributes: Attributes): void {
  const { open, root } = draft;
  endCapture(draft);
  if (draft.entries.length === MAX_ENTRIES) {
    endTo(draft, 0);
    return;
  }
  if (root === 'rdf:RDF') endTo(draft, 1);
  if (root !== 'feed' && !draft.hasChannel) onChannel(draft, {});
  if (root === 'rdf:RDF') endTo(draft, 1);
  else endTo(draft, open.indexOf('channel') + 1 || 1);
  draft.entry = [];
  start(draft, entryName(draft), attributes);
}

function entryName({ root }: Draft): string {
  return root === 'feed' ? 'entry' : 'item';
}

function onElementEnd(draft: Draft, name: string): void {
  const { capture, open } = draft;
  if (capture && capture.depth > 0) {
    capture.depth -= 1;
    return;
  }
  if (capture?.name === name) {
    endCapture(draft);
    return;
  }
  const index = open.lastIndexOf(ENTRIES.has(name) ? entryName(draft) : name);
  // Entries may follow the channel: it ends with the document.
  if (index >= 0 && !(name === 'channel' && open[0] === 'rss')) endTo(draft, index);
}

function endCapture(draft: Draft): void {
  if (!draft.capture) return;
  const { name, attributes, hasMarkup, text, start: from } = draft.capture;
  const markup = () => draft.source.slice(from, draft.position.startIndex).replace(/<!\[CDATA\[|\]\]>/g, '');
  const type = hasMarkup ? { ...attributes, type: 'html' } : attributes;
  put(draft, openTag(draft.names, name, type), literal(hasMarkup ? markup() : text.join('')), `</${name}>`);
  draft.capture = null;
}

function start(draft: Draft, name: string, attributes: Attributes): void {
  put(draft, openTag(draft.names, name, attributes));
  draft.open.push(name);
}

function put(draft: Draft, ...parts: string[]): void {
  (draft.entry ?? draft.frame).push(...parts);
}

function endTo(draft: Draft, index: number): void {
  while (draft.open.length > index) {
    const name = draft.open.pop() ?? '';
    put(draft, `</${name}>`);
    if (ENTRIES.has(name)) endEntry(draft);
  }
  if (draft.open.length === 0) draft.state = 'ended';
}

function endEntry(draft: Draft): void {
  // Cut off by the end of the document: half an entry would be told as if it were whole.
  if (draft.entry && !draft.inputEnded) draft.entries.push(draft.entry.join(''));
  draft.entry = null;
}
