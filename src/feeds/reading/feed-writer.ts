import { Parser, type Handler } from 'htmlparser2';
import { isOvergrown, type Capture, type Draft, type Root } from './feed-draft.js';
import { endsElement, endsText, isDecoration, isText } from './feed-names.js';
import { isXmlName, literal, openTag, type Attributes } from './written-xml.js';

const MAX_ENTRIES = 1_000;

const ENTRIES = new Set(['item', 'entry']);
const VOID = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr']);
const WEB_PAGE = new Set(['html', 'body', 'script']);
const ROOTS: ReadonlySet<string> = new Set<Root>(['rss', 'rdf:RDF', 'feed']);

const CHUNK_LENGTH = 65_536;

/** Writes what the source of a draft holds as well-formed elements, mending the structure on the way. */
export function write(draft: Draft): void {
  const { source } = draft;
  const parser = new Parser(createHandler(draft), {
    ...{ xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  });
  for (let at = 0; at < source.length && draft.state === 'reading'; at += CHUNK_LENGTH) {
    parser.write(source.slice(at, at + CHUNK_LENGTH));
  }
  draft.inputEnded = true;
  // What the tokenizer still holds.
  if (draft.state === 'reading') parser.end();
  endTo(draft, 0);
}

function createHandler(draft: Draft): Partial<Handler> {
  return {
    onparserinit: (parser) => {
      draft.position = parser;
    },
    onopentag: (rawName, attributes) => {
      draft.tokens.elements += 1;
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
      draft.tokens.texts += 1;
      if (isOvergrown(draft)) draft.state = 'overgrown';
      if (draft.state !== 'reading') return;
      if (draft.capture) draft.capture.text.push(text);
      else if (draft.open.length > 0) put(draft, literal(text));
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
  draft.entry = { at: draft.position.startIndex, parts: [] };
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
  (draft.entry?.parts ?? draft.frame).push(...parts);
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
  if (draft.entry && !draft.inputEnded) {
    draft.entries.push({ at: draft.entry.at, text: draft.entry.parts.join('') });
  }
  draft.entry = null;
}
