import type { TopicId } from '../ids.js';

/** What a post must say. Terms are matched word by word, case and accents aside. */
export type Query =
  | { readonly kind: 'term'; readonly words: readonly string[] }
  | { readonly kind: 'all'; readonly of: readonly Query[] }
  | { readonly kind: 'any'; readonly of: readonly Query[] }
  | { readonly kind: 'not'; readonly of: Query }
  /** The same, asked of the title, the tags and the opening alone: what a post is about, not what it mentions. */
  | { readonly kind: 'about'; readonly of: Query };

/** A named query over posts. */
export interface Topic {
  readonly id: TopicId;
  /** As shown to people: "Routing security". */
  readonly name: string;
  /** One line that says what a subscriber gets. */
  readonly summary: string;
  readonly query: Query;
}
