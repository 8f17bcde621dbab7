import type { Validators } from './feed.js';

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
    }
  | { readonly kind: 'unchanged'; readonly validators: Validators; readonly freshForMs: number | null }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | null; readonly status: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly reason: FetchFailure; readonly status: number | null };

/** `validators` are sent verbatim. Never rejects for what the network did. */
export type FetchFeed = (url: URL, validators: Validators) => Promise<FetchOutcome>;
