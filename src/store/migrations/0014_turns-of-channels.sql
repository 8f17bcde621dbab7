-- A claim takes many deliveries at once, one of each channel, and must find them among any number that wait. So each
-- channel knows when it is next worth a look, and each platform how far its pace is used up, whatever process sends.

-- Up Migration

alter table channels
  -- Never later than there is something to do; null: nothing is open. A claim puts right what is too early.
  add column next_at timestamptz,
  -- When the platform's pace for a channel has room for one message after those that were claimed.
  add column free_at timestamptz not null default '-infinity';
create index channels_in_turn on channels (platform, workspace_id, next_at) where next_at is not null;
create index channels_next on channels (platform, next_at) where next_at is not null;

-- Channels that may be written to: the one place where a claim learns which are not.
create view open_channels as
  select id, platform, workspace_id, channel_id, next_at, ready_at, paced_until, free_at, xmin as version from channels;

create table platform_paces (
  platform text primary key,
  -- When the pace of the token has room for one request after those that were claimed.
  free_at timestamptz not null default '-infinity',
  -- Nothing is sent before then: the platform limits the whole bot.
  ready_at timestamptz not null default '-infinity',
  -- Requests that the platform counts as invalid, since when.
  invalid integer not null default 0,
  invalid_since timestamptz not null default '-infinity'
);
insert into platform_paces (platform) values ('slack'), ('discord'), ('console');

alter table deliveries
  -- When the last request ended whose fate is unknown: for a while after, it may still be carried out.
  add column unsure_since timestamptz,
  -- It failed too often while others got through: those after it need not wait for it any more.
  add column aside boolean not null default false;
drop index deliveries_under_way, deliveries_pending, deliveries_unsettled;
-- At most one delivery per channel is under way, sent or looked for, whatever number of processes send.
create unique index deliveries_under_way on deliveries (channel_id) where lease_until is not null;
create index deliveries_open on deliveries (channel_id, seq) where state in ('pending', 'sending', 'unknown');
-- Those that wait for a time of their own; nearly all others are due as soon as they are promised.
create index deliveries_later on deliveries (channel_id, due_at)
  where state in ('pending', 'unknown') and due_at > promised_at;

update channels c set next_at = 'epoch'
 where exists (select from deliveries d where d.channel_id = c.id and d.state in ('pending', 'sending', 'unknown'));

-- Always touches the channel: a claim that saw it without the new delivery finds it changed, and keeps its hands off.
create function wake_channels() returns trigger language plpgsql as $$
begin
  perform from channels where id in (select channel_id from promised) order by id for no key update;
  update channels c set next_at = least(c.next_at, p.due_at)
    from (select channel_id, min(due_at) as due_at from promised group by channel_id) p where c.id = p.channel_id;
  return null;
end $$;
create trigger deliveries_wake_channels after insert on deliveries
  referencing new table as promised for each statement execute function wake_channels();

-- Down Migration

drop trigger deliveries_wake_channels on deliveries;
drop function wake_channels;
drop index deliveries_under_way, deliveries_open, deliveries_later;
create unique index deliveries_under_way on deliveries (channel_id) where state = 'sending';
create index deliveries_pending on deliveries (channel_id, seq) where state = 'pending';
create index deliveries_unsettled on deliveries (state) where state in ('sending', 'unknown');
alter table deliveries drop column unsure_since, drop column aside;
drop table platform_paces;
drop view open_channels;
drop index channels_in_turn, channels_next;
alter table channels drop column next_at, drop column free_at;
