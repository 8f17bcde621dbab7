-- A channel that follows a feed by name is told, once, when the feed has been silent for too long, and when it is back.
-- Such a notice is a promise like any other: it has its place in the channel's queue, but no post.

-- Up Migration

alter table deliveries
  alter column post_id drop not null,
  -- {"title": …, "text": …, "url": …}
  add column notice jsonb,
  add constraint deliveries_say_something check ((post_id is null) = (notice is not null));
alter table feeds add column outage_told_at timestamptz;

-- Down Migration

delete from deliveries where post_id is null;
alter table deliveries drop constraint deliveries_say_something, drop column notice, alter column post_id set not null;
alter table feeds drop column outage_told_at;
