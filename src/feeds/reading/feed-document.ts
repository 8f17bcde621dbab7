import type { Entry } from '../../posts/post.js';
import type { PollHints } from '../feed.js';

/** One entry of a document. */
export interface ReadEntry {
  /** Equal for entries that are written alike: 16 hex digits. Changes with anything the publisher wrote of the entry. */
  readonly digest: string;
  /** Null when the digest was in the window that was given: an entry that was read before is not read again. */
  readonly entry: Entry | null;
}

/** A parsed feed. Entries stand in document order. */
export interface FeedDocument {
  readonly title: string | null;
  readonly siteUrl: URL | null;
  readonly entries: readonly ReadEntry[];
  /** The document broke off: entries may be missing from its end. */
  readonly cutOff: boolean;
  readonly hints: PollHints;
  /** The WebSub hubs it names, and the topic address to subscribe to there. */
  readonly hubs: readonly URL[];
  readonly selfUrl: URL | null;
}

/** Digests of the entries that the last document of a feed held. */
export type Window = ReadonlySet<string>;

/** `not-a-feed` carries what the bytes look like instead ("a web page"), for a person to read. */
export type ParseOutcome =
  | { readonly kind: 'parsed'; readonly document: FeedDocument }
  | { readonly kind: 'not-a-feed'; readonly looksLike: 'html' | 'empty' | 'broken-xml' | 'beyond-bounds' | 'other' };

/** A body as it came, and what is known about it. */
export interface FeedBody {
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
  /** What relative addresses are relative to. */
  readonly baseUrl: URL;
}

/** Never rejects for what a publisher wrote. */
export type ParseFeed = (body: FeedBody, window: Window) => Promise<ParseOutcome>;
