-- Messages that were sent follow their posts for two days. What is to be changed is kept by message, and what became of
-- it stays, for whoever asks why a message says what it says.

-- Up Migration

-- False until the messages that need it are known.
alter table amendments add column spread boolean not null default false;
create index amendments_to_spread on amendments (at) where not spread;

create table edits (
  delivery_id uuid primary key references deliveries on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'dropped')),
  -- How often it came to be needed: a change while a request is under way is not lost.
  changes integer not null default 1,
  due_at timestamptz not null,
  -- Nobody reads the message after that.
  until timestamptz not null,
  attempts integer not null default 0,
  -- A simpler form than the message was sent in, because the platform called that malformed.
  format text check (format in ('card', 'plain', 'bare')),
  lease_until timestamptz,
  -- The pace is counted from this.
  tried_at timestamptz,
  edited_at timestamptz,
  reason text
);
create index edits_waiting on edits (due_at) where state = 'waiting';
create index edits_tried on edits (tried_at);

-- Down Migration

drop table edits;
drop index amendments_to_spread;
alter table amendments drop column spread;
