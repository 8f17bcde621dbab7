import type { Markup, RawEntry } from '../../posts/raw-entry.js';
import type { PollHints } from '../feed.js';

/** An entry of a document, not yet cleaned. Null when its digest was in the window that was given. */
export interface RawReadEntry {
  readonly digest: string;
  readonly entry: RawEntry | null;
}

/** A feed document as its publisher wrote it. Entries stand in document order. */
export interface RawFeed {
  readonly title: Markup | null;
  readonly siteLinks: readonly string[];
  readonly base: URL;
  readonly entries: readonly RawReadEntry[];
  /** The document broke off: entries may be missing from its end. */
  readonly cutOff: boolean;
  readonly hints: PollHints;
  /** WebSub: addresses as written, relative to `base`. */
  readonly hubLinks: readonly string[];
  readonly selfLink: string | null;
}
