import type { PostId } from '../ids.js';
import type { Pool } from 'pg';
import type { Post } from '../posts/post.js';
import type { PostStore } from '../search/search-posts.js';
import { row, rows, urlOrNull } from './rows.js';

export interface PostRow {
  id: PostId;
  title: string;
  url: string | null;
  author: string | null;
  body: string;
  tags: string[];
  image_url: string | null;
  published_at: Date | null;
  first_seen_at: Date;
}

/** The columns of `PostRow`, of a table called `p`. */
export const POST_COLUMNS =
  'p.id, p.title, p.url, p.author, p.body, p.tags, p.image_url, p.published_at, p.first_seen_at';

export function postOf(row: PostRow): Post {
  return {
    id: row.id,
    title: row.title,
    url: urlOrNull(row.url),
    author: row.author,
    text: row.body,
    tags: row.tags,
    imageUrl: urlOrNull(row.image_url),
    publishedAt: row.published_at,
    firstSeenAt: row.first_seen_at,
  };
}

export function createPostStore(pool: Pool): PostStore {
  return {
    search: async (words, page, pageSize) => {
      const found = await rows<FoundRow>(pool, SEARCH, [words, pageSize + 1, (page - 1) * pageSize]);
      const hits = found.slice(0, pageSize).map((hit) => ({ post: postOf(hit), source: hit.source }));
      return { hits, more: found.length > pageSize };
    },
    like: async (post, page, pageSize) => {
      const id = 'id' in post ? post.id : null;
      const named = 'id' in post ? await row<{ title: string }>(pool, TITLE, [id]) : post;
      if (named === null) return null;
      const found = await rows<FoundRow>(pool, LIKE, [named.title, id, pageSize + 1, (page - 1) * pageSize]);
      const hits = found.slice(0, pageSize).map((hit) => ({ post: postOf(hit), source: hit.source }));
      return { title: named.title, hits, more: found.length > pageSize };
    },
  };
}

type FoundRow = PostRow & { source: string };

const TITLE = 'select title from posts where id = $1';

/** The feed that showed it first. */
const SOURCE = /* sql */ `
  coalesce(
    (select coalesce(f.title, f.url) from sightings s join feeds f on f.id = s.feed_id
      where s.post_id = p.id order by s.seq limit 1),
    'no longer followed') as source`;

const LIKE = /* sql */ `
  with asked as (
    select replace(plainto_tsquery('english', left($1, 1000))::text, ' & ', ' | ')::tsquery as words
  )
  select ${POST_COLUMNS}, ${SOURCE}
    from posts p, asked
   where p.search @@ words and p.id is distinct from $2::uuid
   order by ts_rank(p.search, words) desc, p.first_seen_at desc, p.id
   limit $3 offset $4`;

/** All words first; posts that have only some of them follow, so that one unknown word does not empty the answer. */
const SEARCH = /* sql */ `
  with asked as (
    select websearch_to_tsquery('english', $1) as strict,
           replace(websearch_to_tsquery('english', $1)::text, ' & ', ' | ')::tsquery as loose,
           websearch_to_tsquery('english', $1)::text like '%!%' as excludes
  )
  select ${POST_COLUMNS}, ${SOURCE}
    from posts p, asked
   where p.search @@ case when excludes then strict else loose end
   order by (p.search @@ strict) desc, ts_rank_cd(p.search, loose, 1) desc, p.first_seen_at desc, p.id
   limit $2 offset $3`;
