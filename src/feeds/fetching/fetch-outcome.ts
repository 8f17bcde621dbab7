import type { FeedId } from '../../ids.js';
import type { Validators } from '../feed.js';

export type FetchFailure =
  | 'dns'
  | 'tls'
  | 'connection'
  | 'timeout'
  | 'status'
  | 'too-large'
  | 'redirects'
  | 'blocked-address'
  | 'challenge'
  | 'not-a-feed';

/** Everything the network can answer. Expected trouble is a value, not an exception. */
export type FetchOutcome =
  | {
      readonly kind: 'fetched';
      /** Decoded from its transfer and content codings; still in the publisher's character encoding. */
      readonly body: Uint8Array;
      readonly contentType: string | null;
      readonly validators: Validators;
      /** How long the origin calls this answer fresh (Cache-Control, Expires), or null if it does not say. */
      readonly freshForMs: number | null;
      /** Where the redirects ended: the base for relative addresses. */
      readonly url: URL;
      readonly movedTo: URL | null;
      /** The `Link` header as it came: it may name the feed's hub. */
      readonly linkHeader: string | null;
    }
  | {
      readonly kind: 'unchanged';
      readonly validators: Validators;
      readonly freshForMs: number | null;
      /** Where redirects ended that all said "for good" (301, 308); null without redirects, or with any other. */
      readonly movedTo: URL | null;
    }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | null; readonly status: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly reason: FetchFailure; readonly status: number | null };

/** One question to a publisher. */
export interface FeedRequest {
  readonly url: URL;
  /** Sent verbatim. */
  readonly validators: Validators;
  /** False only where the operator has said so for this feed. */
  readonly verifyTls: boolean;
  /** Told in the User-Agent, so that a publisher knows who asks and for how many; null before the feed is followed. */
  readonly reader: { readonly feedId: FeedId; readonly subscribers: number } | null;
}

/** Never rejects for what the network did. */
export type FetchFeed = (request: FeedRequest) => Promise<FetchOutcome>;
