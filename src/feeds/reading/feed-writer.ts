import type { Handler } from 'htmlparser2';
import { emptyDraft, isOvergrown, type Capture, type Draft, type Root } from './feed-draft.js';
import { endsElement, endsText, isDecoration, isText } from './feed-names.js';
import { isXmlName, literal, openTag, type Attributes } from './written-xml.js';

const MAX_ENTRIES = 1_000;

const ENTRIES = new Set(['item', 'entry']);
const VOID = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr']);
const WEB_PAGE = new Set(['html', 'body', 'script']);
const ROOTS: ReadonlySet<string> = new Set<Root>(['rss', 'rdf:RDF', 'feed']);

/** A feed as XML: what stands around its entries as one document, and each entry as an element. */
export interface WrittenFeed {
  readonly root: Root;
  readonly frame: string;
  readonly entries: readonly string[];
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
      if (isOvergrown(draft)) draft.state = 'overgrown';
      if (draft.state !== 'reading') return;
      draft.names.declare(attributes);
      onElement(draft, draft.names.of(rawName), attributes);
    },
    onclosetag: (rawName) => {
      draft.depth -= 1;
      if (draft.state === 'reading') onElementEnd(draft, draft.names.of(rawName));
    },
    ontext: (text) => {
      draft.texts += 1;
      if (isOvergrown(draft)) draft.state = 'overgrown';
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

function onElement(draft: Draft, name: string, attributes: Attributes): void {
  if (draft.capture && endsText(name, draft.capture.depth)) endCapture(draft);
  if (ENTRIES.has(name) && draft.root) onEntry(draft, attributes);
  else if (draft.capture) onMarkup(draft.capture, name);
  else if (name === 'channel') onChannel(draft, attributes);
  else if (isRoot(name)) onRoot(draft, name, attributes);
  else if (draft.root) onOther(draft, name, attributes);
}

function onOther(draft: Draft, name: string, attributes: Attributes): void {
  if (draft.rootEnded && !draft.entry) onLeftover(draft, name);
  else onField(draft, name, attributes);
}

function onMarkup(capture: Capture, name: string): void {
  capture.hasMarkup = true;
  if (!VOID.has(name)) capture.depth += 1;
}

/** After a feed may stand another, or a web page. Their entries are not this one's. */
function onLeftover(draft: Draft, name: string): void {
  if (WEB_PAGE.has(name)) draft.state = 'ended';
}

function onField(draft: Draft, name: string, attributes: Attributes): void {
  const { open } = draft;
  while (open.length > 1 && endsElement(name, open.at(-1) ?? '')) endTo(draft, open.length - 1);
  if (isText(name)) {
    draft.capture = { name, attributes, start: draft.position.endIndex + 1, text: [], depth: 0, hasMarkup: false };
  } else if (isXmlName(name) && !isDecoration(name)) start(draft, name, attributes);
}

function isRoot(name: string): name is Root {
  return ROOTS.has(name);
}

function onRoot(draft: Draft, name: Root, attributes: Attributes): void {
  if (draft.rootEnded) draft.state = 'ended';
  if (draft.root) return;
  draft.root = name;
  start(draft, name, attributes);
}

/** A channel that nothing stands around is RSS that forgot its root; a second one goes on with the first. */
function onChannel(draft: Draft, attributes: Attributes): void {
  if (draft.hasChannel) return;
  onRoot(draft, 'rss', {});
  draft.hasChannel = true;
  start(draft, 'channel', attributes);
}

/** Ends what is open until an entry may begin, wherever the document has put it. */
function onEntry(draft: Draft, attributes: Attributes): void {
  endCapture(draft);
  if (draft.entries.length === MAX_ENTRIES) {
    draft.state = 'ended';
    return;
  }
  if (draft.root === 'rdf:RDF') endTo(draft, 1);
  if (draft.root !== 'feed') onChannel(draft, {});
  endTo(draft, containerDepth(draft));
  draft.entry = [];
  start(draft, entryName(draft), attributes);
}

/** How many elements stand around an entry. */
function containerDepth({ open, root }: Draft): number {
  return root === 'rss' ? Math.max(1, open.indexOf('channel') + 1) : 1;
}

function entryName({ root }: Draft): string {
  return root === 'feed' ? 'entry' : 'item';
}

function onElementEnd(draft: Draft, name: string): void {
  const { capture, open } = draft;
  if (capture && capture.depth > 0) {
    if (!VOID.has(name)) capture.depth -= 1;
    return;
  }
  if (capture?.name === name) {
    endCapture(draft);
    return;
  }
  const index = open.lastIndexOf(ENTRIES.has(name) ? entryName(draft) : name);
  if (index < 0) return;
  if (index === 0) draft.rootEnded = true;
  endCapture(draft);
  // What stands around the entries stays open until the document ends.
  endTo(draft, Math.max(index, containerDepth(draft)));
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
}

function endEntry(draft: Draft): void {
  // Cut off by the end of the document: half an entry would be told as if it were whole.
  if (draft.entry && !draft.inputEnded) draft.entries.push(draft.entry.join(''));
  draft.entry = null;
}
