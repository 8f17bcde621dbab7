import type { Handler, Parser } from 'htmlparser2';
import { createXmlNames, type XmlNames } from './xml-names.js';

const MAX_ENTRIES = 1_000;
const MAX_DEPTH = 500;
const MAX_ELEMENTS = 250_000;
const MAX_ATTRIBUTES = 50;

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
const NAME = /^[a-z][\w.:-]*$/i;

type Attributes = Readonly<Record<string, string>>;

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
  readonly out: string[];
  readonly open: string[];
  position: Pick<Parser, 'startIndex' | 'endIndex'>;
  state: 'reading' | 'ended' | 'overgrown';
  inputEnded: boolean;
  capture: Capture | null;
  entries: number;
  /** Where the entry that is open begins in `out`. */
  entryStart: number;
  elements: number;
  depth: number;
}

export interface FeedWriter extends Partial<Handler> {
  readonly wantsMore: () => boolean;
  /** Ends the document, letting `endInput` flush what the tokenizer still holds. Null if it was beyond all bounds. */
  readonly finish: (endInput: () => void) => string | null;
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
      else if (draft.open.length > 0) draft.out.push(literal(text));
    },
    wantsMore: () => draft.state === 'reading',
    finish: (endInput) => {
      draft.inputEnded = true;
      if (draft.state === 'reading') endInput();
      if (draft.state === 'overgrown') return null;
      endTo(draft, 0);
      return draft.out.join('');
    },
  };
}

function emptyDraft(source: string): Draft {
  return {
    source,
    names: createXmlNames(),
    out: [],
    open: [],
    position: { startIndex: 0, endIndex: 0 },
    state: 'reading',
    inputEnded: false,
    capture: null,
    entries: 0,
    entryStart: 0,
    elements: 0,
    depth: 0,
  };
}

function onElement(draft: Draft, name: string, attributes: Attributes): void {
  const { open, capture } = draft;
  if (ENTRIES.has(name) && open.length > 0) onEntry(draft, name, attributes);
  else if (capture) {
    capture.hasMarkup = true;
    capture.depth += 1;
  } else if (name === 'channel') onChannel(draft, attributes);
  else if (TEXTS.has(name) && open.length > 0) {
    draft.capture = { name, attributes, start: draft.position.endIndex + 1, text: [], depth: 0, hasMarkup: false };
  } else if (NAME.test(name)) start(draft, name, attributes);
}

/** A channel that nothing stands around is RSS that forgot its root; a second one goes on with the first. */
function onChannel(draft: Draft, attributes: Attributes): void {
  if (draft.open.includes('channel')) return;
  if (draft.open.length === 0) start(draft, 'rss', { version: '2.0' });
  start(draft, 'channel', attributes);
}

/** Ends what is open until an entry may begin, wherever the document has put it. */
function onEntry(draft: Draft, name: string, attributes: Attributes): void {
  const { open } = draft;
  endCapture(draft);
  if (draft.entries === MAX_ENTRIES) {
    endTo(draft, 0);
    return;
  }
  const unclosed = open.findIndex((one) => ENTRIES.has(one));
  if (unclosed > 0) endTo(draft, unclosed);
  const channel = open.indexOf('channel');
  if (open[0] === 'rdf:RDF' && channel > 0) endTo(draft, channel);
  if (open[0] === 'rss' && channel < 0) start(draft, 'channel', {});
  draft.entries += 1;
  draft.entryStart = draft.out.length;
  start(draft, name, attributes);
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
  const index = open.lastIndexOf(name);
  // Entries may follow the channel: it ends with the document.
  if (index >= 0 && !(name === 'channel' && open[0] === 'rss')) endTo(draft, index);
}

function endCapture(draft: Draft): void {
  if (!draft.capture) return;
  const { name, attributes, hasMarkup, text, start: from } = draft.capture;
  const markup = () => draft.source.slice(from, draft.position.startIndex).replace(/<!\[CDATA\[|\]\]>/g, '');
  const type = hasMarkup ? { ...attributes, type: 'html' } : attributes;
  draft.out.push(openTag(draft.names, name, type), literal(hasMarkup ? markup() : text.join('')), `</${name}>`);
  draft.capture = null;
}

function start(draft: Draft, name: string, attributes: Attributes): void {
  draft.out.push(openTag(draft.names, name, attributes));
  draft.open.push(name);
}

function endTo(draft: Draft, index: number): void {
  while (draft.open.length > index) {
    const name = draft.open.pop() ?? '';
    // Cut off by the end of the document: half an entry would be told as if it were whole.
    if (draft.inputEnded && ENTRIES.has(name)) draft.out.length = draft.entryStart;
    else draft.out.push(`</${name}>`);
  }
  if (draft.open.length === 0) draft.state = 'ended';
}

function openTag(names: XmlNames, name: string, attributes: Attributes): string {
  const written = new Map(
    Object.entries(attributes)
      .slice(0, MAX_ATTRIBUTES)
      .filter(([attribute]) => NAME.test(attribute))
      .map(([attribute, value]) => [names.of(attribute), value]),
  );
  const pairs = [...written].map(([attribute, value]) => ` ${attribute}="${escaped(value).replace(/"/g, '&quot;')}"`);
  return `<${name}${pairs.join('')}>`;
}

/** Strict readers take a section literally many times faster than they undo escapes. */
function literal(text: string): string {
  return /[&<>]/.test(text) ? `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>` : text;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
