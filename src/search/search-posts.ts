import type { Post } from '../posts/post.js';

export interface SearchPage {
  /** Best first. `source` is the title of a feed that carries the post. */
  readonly hits: readonly { readonly post: Post; readonly source: string }[];
  readonly more: boolean;
}

export interface PostStore {
  /** Words as a person types them: phrases in quotes, `-word`. `page` counts from 1. */
  readonly search: (words: string, page: number, pageSize: number) => Promise<SearchPage>;
}
