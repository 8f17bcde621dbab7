-- By which sign a feed tells its entries apart is kept for whoever looks into a feed; feeds whose operator asked for it
-- tell an entry again, once, when it was rewritten soon after it came.

-- Up Migration

alter table feeds
  -- As of the last document that was read as a whole, by the keys of `keys_version`; null before the first.
  add column identity_mode text,
  add column repost_updates boolean not null default false;
-- When the publisher last changed the entry, as the feed says.
alter table sightings add column updated_at timestamptz;

-- Down Migration

alter table feeds drop column identity_mode, drop column repost_updates;
alter table sightings drop column updated_at;
