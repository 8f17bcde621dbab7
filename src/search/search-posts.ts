import type { PostId } from '../ids.js';
import type { Post } from '../posts/post.js';

export interface SearchPage {
  /** Best first. `source` is the title of a feed that carries the post. */
  readonly hits: readonly { readonly post: Post; readonly source: string }[];
  readonly more: boolean;
}

export interface LikePage extends SearchPage {
  /** Whose like was looked for. */
  readonly title: string;
}

export interface PostStore {
  /** Words as a person types them: phrases in quotes, `-word`. `page` counts from 1. */
  readonly search: (words: string, page: number, pageSize: number) => Promise<SearchPage>;
  /**
   * Posts that share words with a post's title, those with most of them first, without that post itself; null if the
   * post is not stored.
   */
  readonly like: (
    post: { readonly id: PostId } | { readonly title: string },
    page: number,
    pageSize: number,
  ) => Promise<LikePage | null>;
}
