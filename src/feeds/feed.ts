import type { FeedId } from '../ids.js';

/** What the origin gave us last time, sent back byte for byte so it can answer "not modified" (RFC 9110 §13). */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export const NO_VALIDATORS: Validators = { etag: null, lastModified: null };

/** A URL that is polled, once for all who follow it. */
export interface Feed {
  readonly id: FeedId;
  readonly url: URL;
  readonly title: string | null;
  readonly validators: Validators;
  /** SHA-256 of the last decoded body that parsed, or null. */
  readonly bodyHash: string | null;
  /** Polls that failed since the last good one. */
  readonly failures: number;
  readonly nextPollAt: Date;
  /** The origin asked not to be asked before then (429, 503); nobody overrides it. */
  readonly notBefore: Date | null;
  readonly lastPolledAt: Date | null;
  /** When a poll last brought a post nobody had seen; null before the first. */
  readonly lastNewAt: Date | null;
  /** Null until the first good poll: the backlog is stored but never announced. */
  readonly primedAt: Date | null;
}
