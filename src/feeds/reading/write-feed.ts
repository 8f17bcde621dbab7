import { emptyDraft, type Draft, type Root } from './feed-draft.js';
import { write } from './feed-writer.js';
import { setApart, type SetApart } from './set-apart.js';

/** A feed as XML: what stands around its entries as one document, and each entry as an element. */
export interface WrittenFeed {
  readonly root: Root;
  readonly frame: string;
  readonly entries: readonly FeedEntry[];
  /** What prefixes stand for in the document. */
  readonly prefixes: readonly string[];
}

export interface FeedEntry {
  /** Differs when the entry does. */
  readonly source: string;
  /** Null if it is nested or crowded beyond reason. */
  readonly written: () => string | null;
}

/**
 * Writes a feed as well-formed elements: `most` characters besides entries that are set apart. Null if it is nested or
 * crowded beyond reason.
 */
export function writeFeed(source: string, most = Infinity): WrittenFeed | 'too-long' | null {
  const { rest, entries } = setApart(source);
  if (rest.length > most) return 'too-long';
  const apart = entries.size > 0 ? writeApart(rest, entries) : null;
  if (apart) return apart;
  return source.length > most ? 'too-long' : writeWhole(source);
}

function writeWhole(source: string): WrittenFeed | null {
  const draft = written(emptyDraft(source));
  return (
    draft &&
    feedOf(
      draft,
      draft.entries.map(({ text }) => ({ source: text, written: () => text })),
    )
  );
}

/** Writes entries only when they are asked for. Null if something that looked like an entry is none. */
function writeApart(rest: string, apart: SetApart['entries']): WrittenFeed | null {
  const draft = written(emptyDraft(rest));
  const found = draft?.entries.filter(({ at }) => apart.has(at));
  if (!draft || found?.length !== apart.size) return null;
  const entries = draft.entries.map(({ at, text }) => {
    const entry = apart.get(at);
    return entry === undefined
      ? { source: text, written: () => text }
      : { source: entry, written: () => writeEntry(entry, draft) };
  });
  return feedOf(draft, entries);
}

function feedOf({ root, frame, names }: WrittenDraft, entries: readonly FeedEntry[]): WrittenFeed {
  return { root, frame: frame.join(''), entries, prefixes: names.prefixes() };
}

/** What stands around an entry. */
const CONTAINERS: Readonly<Record<Root, readonly string[]>> = {
  rss: ['rss', 'channel'],
  'rdf:RDF': ['rdf:RDF'],
  feed: ['feed'],
};

function writeEntry(source: string, { root, names, tokens }: WrittenDraft): string | null {
  const open = [...CONTAINERS[root]];
  return written({ ...emptyDraft(source), names, tokens, root, open, hasChannel: true })?.entries[0]?.text ?? null;
}

type WrittenDraft = Draft & { readonly root: Root };

function written(draft: Draft): WrittenDraft | null {
  write(draft);
  const { root } = draft;
  return root && draft.state !== 'overgrown' ? { ...draft, root } : null;
}
