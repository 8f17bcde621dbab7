-- How the keys of a feed's entries were made. Feeds whose keys were made another way are keyed anew before their next
-- document is compared, so that no release tells old posts again.

-- Up Migration

alter table feeds add column keys_version integer not null default 1;

-- Down Migration

alter table feeds drop column keys_version;
