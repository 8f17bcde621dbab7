import type { FeedId, SightingId } from '../ids.js';
import type { Entry } from '../posts/post.js';
import type { Feed, Validators } from './feed.js';

/** What every poll writes, whatever came of it. */
export interface PollRecord {
  readonly nextPollAt: Date;
  readonly notBefore: Date | null;
  readonly validators: Validators;
  readonly failures: number;
  /** In plain words for a person ("answered 404"); null after a good poll. */
  readonly trouble: string | null;
}

/** A document that parsed, ready to be stored. */
export interface ReadDocument {
  readonly title: string | null;
  readonly siteUrl: URL | null;
  /** Null when the body is to be read again although it stays the same. */
  readonly bodyHash: string | null;
  readonly entries: readonly Entry[];
}

/** What saving a document came to. */
export interface SavedPoll {
  /** New sightings to be matched; empty on a first poll. */
  readonly sightings: readonly SightingId[];
  readonly entries: number;
  /** Posts nobody had seen before, the backlog of a first poll included. */
  readonly newPosts: number;
  /** Entries told apart from new ones although something about them changed, by what gave them away. */
  readonly withheld: { readonly rebuilt: number; readonly elsewhere: number };
}

/** One feed as a list shows it. */
export interface FeedView extends Feed {
  readonly trouble: string | null;
  readonly posts: number;
  readonly subscriptions: number;
}

/** One call is one atomic change; no transaction ever leaves the store. */
export interface FeedStore {
  readonly due: (now: Date, limit: number) => Promise<FeedId[]>;
  /** Takes the feed until the lease ends; null if another has it, or if it is not due and `when` says `due`. */
  readonly claim: (id: FeedId, now: Date, leaseUntil: Date, when: 'due' | 'now') => Promise<Feed | null>;
  /**
   * Saves the posts and sightings that are new and, in the same transaction, the validators that would hide them next
   * time. A first poll stores its backlog as matched already, so it is never announced.
   */
  readonly saveDocument: (feed: Feed, document: ReadDocument, record: PollRecord, now: Date) => Promise<SavedPoll>;
  /** Saves a poll that brought no document: unchanged, throttled or failed. */
  readonly saveOutcome: (feed: Feed, record: PollRecord, now: Date) => Promise<void>;
  /** Adds what is not there yet, due at `dueAt`. Returns the ids of what was new. */
  readonly add: (
    feeds: readonly { readonly url: URL; readonly title: string | null }[],
    dueAt: Date,
    now: Date,
  ) => Promise<{ readonly id: FeedId; readonly url: URL; readonly title: string | null }[]>;
  readonly get: (id: FeedId) => Promise<Feed | null>;
  readonly byUrl: (url: URL) => Promise<Feed | null>;
  readonly remove: (id: FeedId) => Promise<void>;
  /** By title, then address. */
  readonly list: () => Promise<FeedView[]>;
}
