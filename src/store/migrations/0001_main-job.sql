-- The main job: feeds are polled, entries in them are sightings of posts, sightings are matched to subscriptions,
-- and each match promises a delivery. Every table holds what a crash must not lose; the queue holds nothing.

-- Up Migration

-- Names this installation, so that several of them can share one Redis without hearing each other's bells.
create table installation (
  id uuid not null default gen_random_uuid(),
  single boolean primary key default true check (single)
);
insert into installation default values;

create table feeds (
  id uuid primary key default gen_random_uuid(),
  url text not null unique,
  title text,
  site_url text,
  -- Sent back byte for byte; written only together with what the document brought.
  etag text,
  last_modified text,
  body_hash text,
  failures integer not null default 0,
  -- Why the last poll brought nothing, in words for a person.
  trouble text,
  added_at timestamptz not null,
  next_poll_at timestamptz not null,
  -- The origin asked not to be asked before then.
  not_before timestamptz,
  last_polled_at timestamptz,
  last_new_at timestamptz,
  -- Null until the first good poll: the backlog is stored but never announced.
  primed_at timestamptz,
  lease_until timestamptz
);
create index feeds_due on feeds (next_poll_at);

create table posts (
  id uuid primary key default gen_random_uuid(),
  title text not null check (title <> ''),
  url text,
  author text,
  body text not null,
  tags text[] not null,
  image_url text,
  published_at timestamptz,
  first_seen_at timestamptz not null,
  -- A tsvector holds at most 1 MB: long bodies are searched by their beginning.
  search tsvector not null generated always as (
    setweight(to_tsvector('english', left(title, 1000)), 'A') || setweight(to_tsvector('english', left(body, 100000)), 'B')
  ) stored
);
create index posts_search on posts using gin (search);

-- What two feeds' entries must share to be candidates for one post.
create table article_keys (
  key bytea not null,
  post_id uuid not null references posts on delete cascade,
  primary key (key, post_id)
);
create index article_keys_of_post on article_keys (post_id);

-- An entry seen in a feed, tied to its post; the columns say how the feed shows it now.
create table sightings (
  id uuid primary key default gen_random_uuid(),
  feed_id uuid not null references feeds on delete cascade,
  post_id uuid not null references posts on delete cascade,
  guid text,
  link text,
  title text not null,
  published_at timestamptz,
  content_hash bytea not null,
  first_seen_at timestamptz not null,
  -- The backlog of a first poll is stored as matched and not announced.
  announced boolean not null,
  matched_at timestamptz,
  -- Order within one poll: the oldest entry is told first.
  seq bigint generated always as identity
);
create index sightings_unmatched on sightings (seq) where matched_at is null;
create index sightings_of_post on sightings (post_id);
create index sightings_of_feed on sightings (feed_id);

-- Every guid, link and title-with-date an entry was ever seen with: by these it is known again.
create table entry_keys (
  feed_id uuid not null references feeds on delete cascade,
  key bytea not null,
  sighting_id uuid not null references sightings on delete cascade,
  primary key (feed_id, key, sighting_id)
);
create index entry_keys_of_sighting on entry_keys (sighting_id);

create table channels (
  id uuid primary key default gen_random_uuid(),
  platform text not null,
  workspace_id text not null,
  channel_id text not null,
  -- Null is no limit.
  per_hour integer check (per_hour > 0),
  burst integer check (burst > 0),
  -- Nothing is sent before then: the platform asked for a pause, or refused.
  ready_at timestamptz not null default '-infinity',
  -- Nor before then: the channel's own pace is used up.
  paced_until timestamptz not null default '-infinity',
  -- Why the platform refuses to post here.
  trouble text,
  unique (platform, workspace_id, channel_id)
);

create table subscriptions (
  id uuid primary key default gen_random_uuid(),
  channel_id uuid not null references channels on delete cascade,
  kind text not null check (kind in ('feed', 'topic', 'query', 'everything')),
  feed_id uuid references feeds on delete cascade check ((kind = 'feed') = (feed_id is not null)),
  topic_id text check ((kind = 'topic') = (topic_id is not null)),
  query text check ((kind = 'query') = (query is not null)),
  created_by text not null,
  created_at timestamptz not null
);
create unique index subscriptions_once on subscriptions
  (channel_id, kind, coalesce(feed_id::text, topic_id, query, ''));
create index subscriptions_of_feed on subscriptions (feed_id);

create table deliveries (
  id uuid primary key default gen_random_uuid(),
  post_id uuid not null references posts on delete cascade,
  sighting_id uuid references sightings on delete set null,
  channel_id uuid not null references channels on delete cascade,
  state text not null check (state in ('pending', 'sending', 'unknown', 'sent', 'abandoned')),
  attempts integer not null default 0,
  -- Looks for a message of unknown fate that could not tell.
  checks integer not null default 0,
  -- The platform called the card malformed: send the plainest form.
  plain boolean not null default false,
  promised_at timestamptz not null,
  due_at timestamptz not null,
  lease_until timestamptz,
  first_tried_at timestamptz,
  message_id text,
  reason text,
  -- When it was sent or abandoned.
  settled_at timestamptz,
  seq bigint generated always as identity,
  -- A channel hears of a post once, whichever sighting came first.
  unique (post_id, channel_id)
);
-- At most one message per channel is under way, whatever number of processes send.
create unique index deliveries_under_way on deliveries (channel_id) where state = 'sending';
create index deliveries_pending on deliveries (channel_id, seq) where state = 'pending';
create index deliveries_unsettled on deliveries (state) where state in ('sending', 'unknown');
create index deliveries_sent on deliveries (channel_id, settled_at desc) where state = 'sent';
create index deliveries_of_sighting on deliveries (sighting_id);

-- Down Migration

drop table deliveries, subscriptions, channels, entry_keys, sightings, article_keys, posts, feeds, installation;
