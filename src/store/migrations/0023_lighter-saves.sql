-- Storing a new post costs less.

-- Up Migration

-- A key belongs to an entry, and goes with it when the feed goes: looking the feed up for each key says nothing more.
alter table entry_keys drop constraint entry_keys_feed_id_fkey;

-- The words of so many kilobytes of new posts wait in a list before they are sorted into the index, which is most of
-- what it costs to keep. A search reads the list as well: eleven milliseconds when it is full.
alter index posts_search set (gin_pending_list_limit = 16384);

-- Down Migration

alter index posts_search reset (gin_pending_list_limit);
alter table entry_keys add constraint entry_keys_feed_id_fkey foreign key (feed_id) references feeds on delete cascade;
