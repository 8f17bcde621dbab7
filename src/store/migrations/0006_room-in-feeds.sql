-- A poll writes its feed twice, when it takes it and when it is over: with room left in each page, taking it touches no
-- index.

-- Up Migration

alter table feeds set (fillfactor = 40);

-- Down Migration

alter table feeds reset (fillfactor);
