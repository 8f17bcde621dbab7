import type { PollHints } from './feed.js';
import type { Markup, RawEntry } from '../posts/raw-entry.js';

/** A feed document as its publisher wrote it. Entries stand in document order. */
export interface RawFeed {
  readonly title: Markup | null;
  readonly siteLinks: readonly string[];
  readonly base: URL;
  readonly entries: readonly RawEntry[];
  /** The document broke off: entries may be missing from its end. */
  readonly cutOff: boolean;
  readonly hints: PollHints;
  /** WebSub: addresses as written, relative to `base`. */
  readonly hubLinks: readonly string[];
  readonly selfLink: string | null;
}
