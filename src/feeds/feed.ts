import type { FeedId } from '../ids.js';

/** What the origin gave us last time, sent back byte for byte so it can answer "not modified" (RFC 9110 §13). */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export const NO_VALIDATORS: Validators = { etag: null, lastModified: null };

/** What a document says about when to ask for it: `ttl`, `sy:updatePeriod`, `skipHours`, `skipDays`. Times are GMT. */
export interface PollHints {
  readonly freshForMs: number | null;
  /** 0 to 23. */
  readonly skipHours: readonly number[];
  /** 0 is Sunday. */
  readonly skipDays: readonly number[];
}

export const NO_HINTS: PollHints = { freshForMs: null, skipHours: [], skipDays: [] };

/** How the origin treats conditional requests. */
export interface Conditions {
  /** `date-only`: the validators together brought no "not modified", so the date is tried alone. */
  readonly send: 'all' | 'date-only';
  /** Whole answers on end that were the same as the one before. */
  readonly identical: number;
  /** It answers "not modified"; null while nobody can know. */
  readonly work: boolean | null;
}

export const UNTRIED: Conditions = { send: 'all', identical: 0, work: null };

/** A new address that the old one redirects to for good. It is believed only after it was seen often and long enough. */
export interface Move {
  readonly to: URL;
  readonly polls: number;
  readonly since: Date;
}

/** What the operator may set for one feed. */
export interface FeedSettings {
  /** Poll this often whatever the schedule says; null: the schedule decides. */
  readonly everyMs: number | null;
  readonly verifyTls: boolean;
  /** Ask the page of a new post that has no picture for one (`og:image`). */
  readonly pagePictures: boolean;
  /** Announce also what a window that grew shows of the past. */
  readonly announceOld: boolean;
  /** Entries that are rewritten within a week are told again, once. */
  readonly repostUpdates: boolean;
}

/** Everything of a feed's past that decides when it is polled next. */
export interface PollHistory {
  /** Polls that failed since the last good one. */
  readonly failures: number;
  readonly failingSince: Date | null;
  /** When the last polls that brought something new were, the latest last: at most 21. */
  readonly newAt: readonly Date[];
  /** Share of the latest polls that brought something new, 0 to 1. */
  readonly newShare: number;
  readonly lastPolledAt: Date | null;
  /** Null until the first good poll: the backlog is stored but never announced. */
  readonly primedAt: Date | null;
  readonly hints: PollHints;
  readonly conditions: Conditions;
  /** Channels that follow it, by its name or by a topic. */
  readonly subscribers: number;
  readonly settings: FeedSettings;
  /** Its hub pushes what is new, and has been seen to; null: it does not. */
  readonly pushedUntil: Date | null;
  /** Since the first of several answers "410 Gone". */
  readonly goneSince: Date | null;
  /** When nothing of the last document was in the next one: entries between them may never have been seen. */
  readonly gapAt: Date | null;
  /** When those who follow it by name were told that it is silent; null while it is not. */
  readonly outageToldAt: Date | null;
}

/** A URL that is polled, once for all who follow it. */
export interface Feed extends PollHistory {
  readonly id: FeedId;
  readonly url: URL;
  readonly title: string | null;
  readonly validators: Validators;
  /** SHA-256 of the last decoded body that parsed, or null. */
  readonly bodyHash: string | null;
  /** The first moment it may be polled; null: never again, because its publisher removed it for good. */
  readonly nextPollAt: Date | null;
  /** The origin asked not to be asked before then (429, 503); nobody overrides it. */
  readonly notBefore: Date | null;
  readonly move: Move | null;
}
