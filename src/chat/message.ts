import type { ReplyButton } from './command.js';

/**
 * How much of a platform's own furniture is used. After a platform calls one form malformed the next is tried: a card
 * with picture and menu; the same words as text; title and link alone.
 */
export const MESSAGE_FORMATS = ['card', 'plain', 'bare'] as const;
export type MessageFormat = (typeof MESSAGE_FORMATS)[number];

/** A message no platform has touched: plain text only, escaped and cut to fit by whoever renders it. */
export interface Message {
  readonly format: MessageFormat;
  /** One line, never empty. */
  readonly title: string;
  /** Absolute http(s), or null for a post without a link. */
  readonly url: URL | null;
  /** The feed's title. */
  readonly source: string;
  readonly author: string | null;
  readonly publishedAt: Date | null;
  /** Names of the topics that matched, in the catalogue's order. */
  readonly topics: readonly string[];
  /** At most about 300 characters; empty when there is nothing to add to the title. May hold line breaks. */
  readonly summary: string;
  readonly imageUrl: URL | null;
  /** The posts that a digest names, in the order to show them; empty for any other message. */
  readonly lines: readonly MessageLine[];
  /** Titles of the other feeds that have the same article, in the order they showed it. */
  readonly alsoIn: readonly string[];
  /** What a reader can do with the post: each gives a command. That of the first is of this post alone. */
  readonly buttons: readonly ReplyButton[];
  /** Id of the message that this one goes on from, in its thread where the platform has threads; null: it stands alone. */
  readonly continues: string | null;
  /** To be passed on to whoever follows the channel, where the platform knows that (Discord's announcement channels). */
  readonly publish: boolean;
}

/** One post of a digest, on one line. */
export interface MessageLine {
  readonly title: string;
  readonly url: URL | null;
  /** The feed's title; empty where it need not be said. */
  readonly source: string;
  /** Stands above this line: the topic of it and of those that follow; absent: nothing does. */
  readonly heading?: string;
}

/** What adapters show of each line at most, in UTF-16 units once it is escaped. A longer link is left out. */
export const LINE_LIMITS = { title: 200, source: 60, heading: 80, address: 1_000 } as const;
