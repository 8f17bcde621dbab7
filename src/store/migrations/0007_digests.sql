-- A flood is told in few messages: many posts of one poll, or more than a channel takes in an hour, are named in a
-- digest. A digest is a delivery without a post; what it names keeps its own row, so that each post is promised once.

-- Up Migration

alter table deliveries
  drop constraint deliveries_state_check,
  add constraint deliveries_state_check
    check (state in ('pending', 'sending', 'unknown', 'sent', 'abandoned', 'digested')),
  -- The digest that names the post; what became of it is written there.
  add column in_digest uuid references deliveries on delete cascade,
  add constraint deliveries_digested check ((state = 'digested') = (in_digest is not null));
create index deliveries_of_digest on deliveries (in_digest) where in_digest is not null;

-- Shared by the sightings of one poll that brought far more than is usual: they are matched together.
alter table sightings add column burst uuid;
create index sightings_of_burst on sightings (burst) where matched_at is null and burst is not null;

alter table feeds
  -- How many new entries the last polls brought that brought any: at most 20, the latest last.
  add column new_counts integer[] not null default '{}',
  -- Also what a window that grew shows of the past.
  add column announce_old boolean not null default false;

-- Down Migration

update deliveries d set state = case g.state when 'sent' then 'sent' else 'abandoned' end, settled_at = g.settled_at,
       message_id = g.message_id, in_digest = null
  from deliveries g where g.id = d.in_digest;
alter table deliveries
  drop constraint deliveries_digested, drop column in_digest, drop constraint deliveries_state_check,
  add constraint deliveries_state_check check (state in ('pending', 'sending', 'unknown', 'sent', 'abandoned'));
alter table sightings drop column burst;
alter table feeds drop column new_counts, drop column announce_old;
