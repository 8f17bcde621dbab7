-- Reading any feed politely: courtesy is kept per origin and per registrable domain, the schedule decides by what it
-- has seen, and the entries of the last document are remembered, so that only what changed is read.

-- Up Migration

-- Scheme, host and port that feeds are asked of. One row is what all processes agree on.
create table origins (
  origin text primary key,
  -- The registrable domain: several hosts of one house.
  domain text not null,
  -- A host of the operator's own: no courtesy needed.
  exempt boolean not null default false,
  -- Until then a request is under way, or the last one was a moment ago.
  free_at timestamptz not null default '-infinity',
  -- The origin asked not to be asked before then.
  not_before timestamptz not null default '-infinity',
  throttled_at timestamptz
);
create index origins_of_domain on origins (domain);
create index origins_busy on origins (free_at) where not exempt;

alter table feeds add column origin text references origins;
insert into origins (origin, domain)
  select distinct substring(url from '^https?://[^/?#]+'), substring(url from '^https?://([^/?#]+)') from feeds;
update feeds set origin = substring(url from '^https?://[^/?#]+');

alter table feeds
  alter column origin set not null,
  -- Null: never again, its publisher removed it for good.
  alter column next_poll_at drop not null,
  add column new_at timestamptz[] not null default '{}',
  add column new_share real not null default 0,
  add column hints jsonb not null default '{"freshForMs": null, "skipHours": [], "skipDays": []}',
  add column conditions jsonb not null default '{"send": "all", "identical": 0, "work": null}',
  add column move_to text,
  add column move_polls integer not null default 0,
  add column move_since timestamptz,
  add column failing_since timestamptz,
  add column gone_since timestamptz,
  -- Nothing of the last document was in the one after it.
  add column gap_at timestamptz,
  -- The feed's hub pushes what is new, and has been seen to.
  add column pushed_until timestamptz,
  -- Null: the schedule decides.
  add column every_ms integer check (every_ms > 0),
  add column verify_tls boolean not null default true,
  add column page_pictures boolean not null default false;
update feeds set new_at = array[last_new_at] where last_new_at is not null;
alter table feeds drop column last_new_at;
create index feeds_of_origin on feeds (origin);

-- The entries of the last document that was read: a digest of each as its publisher wrote it, and its sighting.
create table feed_windows (
  feed_id uuid primary key references feeds on delete cascade,
  digests text[] not null,
  sightings uuid[] not null
);

-- Down Migration

drop table feed_windows;
alter table feeds add column last_new_at timestamptz;
update feeds set last_new_at = new_at[cardinality(new_at)], next_poll_at = coalesce(next_poll_at, 'infinity');
alter table feeds
  alter column next_poll_at set not null,
  drop column origin, drop column new_at, drop column new_share, drop column hints, drop column conditions,
  drop column move_to, drop column move_polls, drop column move_since, drop column failing_since,
  drop column gone_since, drop column gap_at, drop column pushed_until, drop column every_ms,
  drop column verify_tls, drop column page_pictures;
drop table origins;
