-- What the operator, or an uninstall, keeps from being written to. Nothing is tried meanwhile, and nothing is lost.

-- Up Migration

create table pauses (
  platform text not null,
  -- Empty: the whole platform.
  workspace_id text not null,
  -- Empty: the whole workspace.
  channel_id text not null check (channel_id = '' or workspace_id <> ''),
  reason text not null,
  paused_at timestamptz not null,
  -- It ends by itself then; null: when somebody resumes.
  until timestamptz,
  -- Nobody asked for it: the platform refuses all of it. A start of the bot, or a sign of life, ends it.
  by_system boolean not null default false,
  primary key (platform, workspace_id, channel_id)
);

-- A claim asks this view alone, so it learns of pauses here alone.
create or replace view open_channels as
  select c.id, c.platform, c.workspace_id, c.channel_id, c.next_at, c.ready_at, c.paced_until, c.free_at, c.xmin as version
    from channels c
   where not exists (select from pauses p where p.platform = c.platform and p.workspace_id in ('', c.workspace_id)
                        and p.channel_id in ('', c.channel_id) and (p.until is null or p.until > now()));

alter table channels add column troubled_since timestamptz;
update channels set troubled_since = now() where trouble is not null;

-- Whoever subscribed a channel is told once that it refuses us; the row stays until it takes messages again.
create table owner_notes (
  channel_id uuid not null references channels on delete cascade,
  user_id text not null,
  reason text not null,
  since timestamptz not null,
  -- Null: told, or given up.
  due_at timestamptz,
  attempts integer not null default 0,
  primary key (channel_id, user_id)
);
create index owner_notes_due on owner_notes (due_at) where due_at is not null;

-- Down Migration

drop table owner_notes;
alter table channels drop column troubled_since;

create or replace view open_channels as
  select id, platform, workspace_id, channel_id, next_at, ready_at, paced_until, free_at, xmin as version from channels;
drop table pauses;
