/** What can change how the rest of a document is read, or begin and end something beside the entry. */
const STRUCTURE = /<(\/?)((?:[\w.-]+:)?(?:item|entry|channel|rss|feed|rdf))(?=[\s>/])/iy;
const IS_ENTRY = /(?:^|:)(?:item|entry)$/i;
/** The rest of a tag that opens an element and says nothing odd. */
const ATTRIBUTES = /(?:\s+[^\s="'<>]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*>/y;
const SECTION = '<![CDATA[';
const DECLARES = 'xmlns:';

export interface SetApart {
  /** The document with an empty element in place of each entry that was set apart. */
  readonly rest: string;
  /** Those entries as they stand in the document, by where their empty elements begin in the rest. */
  readonly entries: ReadonlyMap<number, string>;
}

/**
 * Takes out the entries that end where they seem to and mean the same anywhere in their document, so that those that are
 * known need not be read. Others stay where they are. Takes text in which every "<" begins a whole tag or section.
 */
export function setApart(mended: string): SetApart {
  const rest: string[] = [];
  const entries = new Map<number, string>();
  let [taken, restLength] = [0, 0];
  for (const { start, end, name } of closedEntries(mended)) {
    const entry = mended.slice(start, end);
    if (entry.includes(DECLARES)) continue;
    entries.set(restLength + start - taken, entry);
    const kept = `${mended.slice(taken, start)}<${name}></${name}>`;
    rest.push(kept);
    restLength += kept.length;
    taken = end;
  }
  return { rest: rest.join('') + mended.slice(taken), entries };
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Elements between whose tags no other tag of structure stands. */
function* closedEntries(text: string): Generator<Span> {
  let before: Tag | undefined;
  for (const tag of structureTags(text)) {
    if (before && tag.isEnd && tag.name === before.name && beginsEntry(text, before)) {
      yield { start: before.at, end: text.indexOf('>', tag.nameEnd) + 1, name: tag.name };
    }
    before = tag;
  }
}

interface Tag {
  readonly at: number;
  readonly nameEnd: number;
  readonly name: string;
  readonly isEnd: boolean;
}

function* structureTags(text: string): Generator<Tag> {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', behind(text, at))) {
    STRUCTURE.lastIndex = at;
    const [tag, slash, name = ''] = STRUCTURE.exec(text) ?? [];
    if (tag !== undefined) yield { at, nameEnd: at + tag.length, name, isEnd: slash === '/' };
  }
}

function beginsEntry(text: string, { nameEnd, name, isEnd }: Tag): boolean {
  ATTRIBUTES.lastIndex = nameEnd;
  return !isEnd && IS_ENTRY.test(name) && ATTRIBUTES.test(text);
}

/** Where to look for the next tag. Sections may hold what looks like one. */
function behind(text: string, at: number): number {
  if (!text.startsWith(SECTION, at)) return at + 1;
  const end = text.indexOf(']]>', at);
  return end < 0 ? text.length : end;
}
