import type { FeedId, SightingId } from '../ids.js';
import type { IdentityMode } from '../posts/identity/mode.js';
import type { Feed, FeedSettings } from './feed.js';
import type { ReadEntry, Window } from './reading/feed-document.js';
import type { Notice } from './outage.js';

/** What every poll writes, whatever came of it: how the feed stands now. */
export interface PollRecord extends Pick<
  Feed,
  | 'nextPollAt'
  | 'validators'
  | 'conditions'
  | 'move'
  | 'failures'
  | 'failingSince'
  | 'goneSince'
  | 'newAt'
  | 'newShare'
  | 'gapAt'
  | 'hints'
  | 'outageToldAt'
> {
  readonly startedAt: Date;
  /** The feed's address from now on; null: the one it has. */
  readonly adopt: URL | null;
  /** In plain words for a person ("answered 404"); null after a good poll. */
  readonly trouble: string | null;
  readonly rest: Rest | null;
  /** Promised to the channels that follow the feed by name. */
  readonly notice: Notice | null;
}

/** How long, and for how much of a publisher's house, nobody may ask: the answer to 429 and 503. */
export interface Rest {
  readonly of: 'feed' | 'origin' | 'domain';
  readonly until: Date;
}

/** What else is resting around a feed. */
export interface Neighbours {
  /** Other feeds of its origin that rest now. */
  readonly restingFeeds: number;
  /** Other origins of its registrable domain that said "too many requests" in the last ten minutes. */
  readonly throttledOrigins: number;
}

/** A document that parsed, ready to be stored. */
export interface ReadDocument {
  readonly title: string | null;
  readonly siteUrl: URL | null;
  /** Null when the body is to be read again although it stays the same. Of no account in a push. */
  readonly bodyHash: string | null;
  readonly entries: readonly ReadEntry[];
  /** Not the whole window of the feed: it broke off, or a hub pushed what is new. */
  readonly partial: boolean;
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
  readonly gap: boolean;
}

/** What a document held, as far as the next poll is concerned. */
export interface Brought {
  readonly newSightings: number;
  /** Entries that the feed has shown before, written differently. */
  readonly edited: number;
  /** Entries that the feed has shown before, edited or not. */
  readonly known: number;
  /** Nothing of the last document was in this one, so entries in between may never have been seen. */
  readonly gap: boolean;
}

/** One feed as a list shows it. */
export interface FeedView extends Feed {
  readonly trouble: string | null;
  /** Its home page, as it says itself. */
  readonly siteUrl: URL | null;
  readonly addedAt: Date;
  /** By what its last whole document told its entries apart; null before there was one. */
  readonly identityMode: IdentityMode | null;
  readonly posts: number;
  readonly subscriptions: number;
}

/** A feed to be followed. */
export interface NewFeed {
  readonly url: URL;
  readonly title: string | null;
}

export interface AddedFeed extends NewFeed {
  readonly id: FeedId;
}

/** One call is one atomic change; no transaction ever leaves the store. */
export interface FeedStore {
  /** One id for each batch of feeds that could be claimed now. */
  readonly due: (now: Date, limit: number) => Promise<FeedId[]>;
  /**
   * Takes up to `limit` feeds that are due until the lease ends: one of an origin at a time and two seconds apart, two
   * of a registrable domain, none that rests. Hosts of the operator's own are exempt.
   */
  readonly claimDue: (now: Date, leaseUntil: Date, limit: number) => Promise<Feed[]>;
  /** Takes one feed, due or not; null while it or its origin is being polled. */
  readonly claim: (id: FeedId, now: Date, leaseUntil: Date) => Promise<Feed | null>;
  readonly window: (id: FeedId) => Promise<Window>;
  readonly neighbours: (feed: Feed, now: Date) => Promise<Neighbours>;
  /**
   * Saves the posts and sightings that are new and, in the same transaction, the validators that would hide them next
   * time. A first poll stores its backlog as matched already, so it is never announced. `recordOf` decides the record
   * once it is known what is new; null leaves the schedule and the validators as they are (a push).
   */
  readonly saveDocument: (
    feed: Feed,
    document: ReadDocument,
    recordOf: ((brought: Brought) => PollRecord) | null,
    now: Date,
  ) => Promise<SavedPoll>;
  /** Saves a poll that brought no document: unchanged, throttled or failed. Several at a time share one commit. */
  readonly saveOutcome: (feed: Feed, record: PollRecord, now: Date) => Promise<void>;
  /** Adds what is not there yet, due at `dueAt`. Returns what was new. */
  readonly add: (feeds: readonly NewFeed[], dueAt: Date, now: Date) => Promise<AddedFeed[]>;
  /** Changes what is given, keeps the rest. A shorter interval counts from the last poll. */
  readonly set: (id: FeedId, settings: Partial<FeedSettings>) => Promise<void>;
  /** Makes them due now, unless they are or are never polled again. */
  readonly hasten: (ids: readonly FeedId[], now: Date) => Promise<void>;
  readonly get: (id: FeedId) => Promise<Feed | null>;
  readonly byUrl: (url: URL) => Promise<Feed | null>;
  readonly remove: (id: FeedId) => Promise<void>;
  /** By title, then address. */
  readonly list: () => Promise<FeedView[]>;
}
