-- Candidates for "the same article in another feed" are found by a bounded number of keys: address, title and the
-- rarest runs of words. Of a key that many posts share only the newest are looked at, so the index is in that order.
-- Keys of another kind find nothing, so none are kept.

-- Up Migration

drop table article_keys;

create table article_keys (
  key bigint not null,
  seen_at timestamptz not null,
  post_id uuid not null references posts on delete cascade
);
create index article_keys_newest on article_keys (key, seen_at desc) include (post_id);
create index article_keys_of_post on article_keys (post_id);

-- Down Migration

drop table article_keys;

create table article_keys (
  key bytea not null,
  post_id uuid not null references posts on delete cascade,
  primary key (key, post_id)
);
create index article_keys_of_post on article_keys (post_id);
