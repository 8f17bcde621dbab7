-- For feeds whose operator asked for it, the page of a new post without a picture is asked for one before the post is
-- told. A post never waits longer than that for its picture.

-- Up Migration

alter table sightings
  -- Null: none is wanted, or it was looked for.
  add column picture_wanted_until timestamptz,
  add column picture_asked_at timestamptz;
create index sightings_wanting_picture on sightings (seq) where picture_wanted_until is not null;

-- Down Migration

alter table sightings drop column picture_wanted_until, drop column picture_asked_at;
