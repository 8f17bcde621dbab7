/** A message no platform has touched: plain text only, escaped and cut to fit by whoever renders it. */
export interface Message {
  /** `plain` after a platform called the card malformed: title and link only, in the simplest form it accepts. */
  readonly format: 'card' | 'plain';
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
}
