-- Every decision about an entry is kept with its reason: how it came in, by what it was known again, what was edited,
-- who wanted it. Edits that the messages already sent should follow are kept as wishes.

-- Up Migration

alter table sightings
  -- Eight bytes each of the title, link, text and picture that a reader sees; null before there were any.
  add column fingerprint bytea,
  -- {"fate": …, "sameBy": …, "copies": …}, and once it is matched {"wanted": how many channels}.
  add column decision jsonb;

-- What happened to an entry later. Nothing is written for an entry that stays as it is.
create table entry_events (
  id bigint primary key generated always as identity,
  sighting_id uuid not null references sightings on delete cascade,
  kind text not null,
  at timestamptz not null,
  -- How often in all; a publisher that renames its entries at each build makes one row.
  times integer not null default 1,
  detail jsonb not null
);
create index entry_events_of_sighting on entry_events (sighting_id, id);
create unique index entry_events_renamed on entry_events (sighting_id) where kind = 'renamed';

-- Posts whose sent messages do not say what is true now.
create table amendments (
  post_id uuid primary key references posts on delete cascade,
  kinds text[] not null,
  at timestamptz not null
);

-- The subscriptions that wanted the post when it was promised: [{"kind": "topic", "topicId": …}, …].
alter table deliveries add column wanted_by jsonb;

-- Down Migration

alter table deliveries drop column wanted_by;
drop table amendments, entry_events;
alter table sightings drop column fingerprint, drop column decision;
