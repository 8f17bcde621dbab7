-- For feeds whose operator asked for it, the page of a new post without a picture is asked for one before the post is
-- told. A table of its own, because it is looked through every second and nearly always empty.

-- Up Migration

create table wanted_pictures (
  sighting_id uuid primary key references sightings on delete cascade,
  -- A post never waits longer than that for its picture.
  wanted_until timestamptz not null,
  asked_at timestamptz
);

-- Down Migration

drop table wanted_pictures;
