-- A channel that wants quiet from a feed, or from certain words, for a while, without giving up what it subscribed to.

-- Up Migration

create table mutes (
  id uuid primary key default gen_random_uuid(),
  channel_id uuid not null references channels on delete cascade,
  feed_id uuid references feeds on delete cascade,
  query text,
  -- Null: until it is ended by hand.
  until timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  constraint mutes_of_something check ((feed_id is null) <> (query is null))
);
create unique index mutes_once on mutes (channel_id, coalesce(feed_id::text, query));

-- Down Migration

drop table mutes;
