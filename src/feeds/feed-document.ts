import type { Entry } from '../posts/post.js';

/** A parsed feed. Entries stand in document order. */
export interface FeedDocument {
  readonly title: string | null;
  readonly siteUrl: URL | null;
  readonly entries: readonly Entry[];
  /** The document broke off: entries may be missing from its end. */
  readonly cutOff: boolean;
}

/** `not-a-feed` carries what the bytes look like instead ("a web page"), for a person to read. */
export type ParseOutcome =
  | { readonly kind: 'parsed'; readonly document: FeedDocument }
  | { readonly kind: 'not-a-feed'; readonly looksLike: 'html' | 'empty' | 'broken-xml' | 'other' };
