import type { FeedId } from '../ids.js';
import type { Feed } from './feed.js';

/** What adding one feed by hand came to. The first poll is part of it: an address that is no feed is not kept. */
export type AddFeedResult =
  | { readonly kind: 'added'; readonly feed: Feed; readonly entries: number }
  | { readonly kind: 'already'; readonly feed: Feed }
  | FeedFailure;

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
      readonly added: readonly { readonly id: FeedId; readonly url: URL; readonly title: string | null }[];
      /** Feeds of the list that were followed before. */
      readonly already: number;
      /** Lines of the list that hold no http(s) address. */
      readonly unusable: number;
    }
  | FeedFailure;
