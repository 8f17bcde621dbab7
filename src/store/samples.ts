import type { Pool } from 'pg';
import type { RecentPost, SampleStore } from '../deliveries/sample.js';
import type { FeedId } from '../ids.js';
import { postOf, POST_COLUMNS, type PostRow } from './posts.js';
import { row, rows } from './rows.js';

/** Somebody waits for the answer: no more is read and matched, however much is stored. */
const MOST_POSTS = 500;
const MOST_TEXT = 10_000;

export function createSampleStore(pool: Pool): SampleStore {
  return {
    recent: async ({ feedId, withText }) => {
      const textLength = withText ? MOST_TEXT : 0;
      const found =
        feedId === null
          ? await rows<RecentRow>(pool, NEWEST, [MOST_POSTS + 1, textLength])
          : await rows<RecentRow>(pool, NEWEST_OF_FEED, [MOST_POSTS + 1, textLength, feedId]);
      const followed = await row<FollowedRow>(pool, FOLLOWED, [feedId]);
      return {
        posts: found.slice(0, MOST_POSTS).map(recentOf),
        more: found.length > MOST_POSTS,
        firstFollowedAt: followed?.first ?? null,
        lastFollowedAt: followed?.last ?? null,
      };
    },
  };
}

interface RecentRow extends PostRow {
  feed_id: FeedId;
  source: string;
  announced: boolean;
  arrived_at: Date;
  out_at: Date;
  primed_at: Date | null;
}

interface FollowedRow {
  first: Date | null;
  last: Date | null;
}

function recentOf(stored: RecentRow): RecentPost {
  return {
    post: postOf(stored),
    feedId: stored.feed_id,
    source: stored.source,
    announced: stored.announced,
    arrivedAt: stored.arrived_at,
    outAt: stored.out_at,
    followedSince: stored.primed_at ?? stored.arrived_at,
  };
}

/** A sighting that was announced is why a post is told, whatever other feeds had it in their backlog. */
const NEWEST_SIGHTINGS = /* sql */ `
  select s.post_id, s.feed_id, s.announced, s.first_seen_at, s.seq, least(p.published_at, p.first_seen_at) as out_at
    from posts p
    join lateral (select * from sightings o where o.post_id = p.id order by o.announced desc, o.seq limit 1) s on true
   order by out_at desc, s.seq desc limit $1`;

const SIGHTINGS_OF_FEED = /* sql */ `
  select s.post_id, s.feed_id, s.announced, s.first_seen_at, s.seq, least(s.published_at, s.first_seen_at) as out_at
    from sightings s
   where s.feed_id = $3
     and not exists (select from sightings o where o.post_id = s.post_id and o.feed_id = s.feed_id
                        and (o.announced, -o.seq) > (s.announced, -s.seq))
   order by out_at desc, s.seq desc limit $1`;

const NEWEST = withPosts(NEWEST_SIGHTINGS);
const NEWEST_OF_FEED = withPosts(SIGHTINGS_OF_FEED);

/** $1 how many, $2 how much of each text. */
function withPosts(sightings: string): string {
  return /* sql */ `
  with newest as materialized (${sightings})
  select ${POST_COLUMNS}, n.feed_id, n.announced, n.first_seen_at as arrived_at, n.out_at, f.primed_at,
         coalesce(f.title, f.url) as source
    from newest n
    join lateral (select id, title, url, author, left(body, $2) as body, tags, image_url, published_at, first_seen_at
                    from posts where id = n.post_id) p on true
    join feeds f on f.id = n.feed_id
   order by n.out_at desc, n.seq desc`;
}

const FOLLOWED = /* sql */ `
  select min(primed_at) as first, max(primed_at) as last from feeds where $1::uuid is null or id = $1`;
