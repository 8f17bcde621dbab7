import type { Feed } from './feed.js';
import type { FeedCandidate } from './discovery/feed-candidates.js';
import type { AddedFeed } from './feed-store.js';
import type { SkippedLine } from './opml.js';

/** What adding one feed by hand came to. The first poll is part of it: an address that is no feed is not kept. */
export type AddFeedResult =
  | { readonly kind: 'added'; readonly feed: Feed; readonly entries: number }
  | { readonly kind: 'already'; readonly feed: Feed }
  | SeveralFeeds
  | FeedFailure;

/** A page that names several feeds, or a host that keeps several: nobody but a person can tell which is meant. */
export interface SeveralFeeds {
  readonly kind: 'choose';
  readonly page: URL;
  /** At least two. */
  readonly candidates: readonly FeedCandidate[];
}

/** What polling one feed by hand came to. It is stored when this arrives. */
export type PolledNow =
  /** `text` says what the origin answered ("12 entries", "unchanged"). */
  | { readonly kind: 'polled'; readonly text: string; readonly newPosts: number }
  /** Courtesy: the origin asked for more time, or was asked a moment ago. */
  | { readonly kind: 'too-soon'; readonly text: string; readonly nextPollAt: Date }
  /** Another process has the feed just now, or it is no longer followed. */
  | { readonly kind: 'skipped'; readonly text: string }
  | FeedFailure;

/** `text` is one line for a person: what is wrong and what to do. `mayPass` when trying again later may help. */
export interface FeedFailure {
  readonly kind: 'failed';
  readonly text: string;
  readonly mayPass: boolean;
}

/** What reading a list of feeds (OPML) came to. */
export type ImportResult =
  | {
      readonly kind: 'imported';
      readonly added: readonly AddedFeed[];
      /** Feeds of the list that were followed before. */
      readonly already: number;
      /** Lines that named a feed of the list again. */
      readonly repeated: number;
      /** Lines that name no feed. */
      readonly skipped: readonly SkippedLine[];
    }
  | FeedFailure;
