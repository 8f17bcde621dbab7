-- The address that a post's page wants to be known by, where the page was fetched. Never shown; copies are found by it.

-- Up Migration

alter table posts add column canonical_url text;

-- Down Migration

alter table posts drop column canonical_url;
