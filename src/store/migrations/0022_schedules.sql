-- A subscription may ask for digests, and a channel for quiet hours: what they hold back is promised at once, waits in
-- the state `held` until its slot, and is then named in a digest.

-- Up Migration

alter table subscriptions
  -- "hourly", "daily 08:30", "weekly fri 16:00"; null: at once.
  add column told text,
  -- Of the times in `told`.
  add column time_zone text not null default 'UTC';

alter table channels
  add column time_zone text,
  -- Minutes of the day in the channel's time zone; from after to runs over midnight.
  add column quiet_from integer check (quiet_from between 0 and 1439),
  add column quiet_to integer check (quiet_to between 0 and 1439),
  add constraint channels_quiet check ((quiet_from is null) = (quiet_to is null) and quiet_from <> quiet_to);

alter table deliveries
  drop constraint deliveries_state_check,
  add constraint deliveries_state_check
    check (state in ('held', 'pending', 'sending', 'unknown', 'sent', 'abandoned', 'digested')),
  -- The first message of a digest in several parts, which the others go on from.
  add column continues uuid references deliveries on delete set null;
create index deliveries_held on deliveries (due_at, channel_id) where state = 'held';
create index deliveries_continuing on deliveries (continues) where continues is not null;

-- Down Migration

update deliveries set state = 'pending' where state = 'held';
drop index deliveries_held;
alter table deliveries
  drop column continues,
  drop constraint deliveries_state_check,
  add constraint deliveries_state_check
    check (state in ('pending', 'sending', 'unknown', 'sent', 'abandoned', 'digested'));
alter table channels drop constraint channels_quiet, drop column time_zone, drop column quiet_from, drop column quiet_to;
alter table subscriptions drop column told, drop column time_zone;
