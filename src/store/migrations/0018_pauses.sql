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
  primary key (platform, workspace_id, channel_id)
);

-- A claim asks this view alone, so it learns of pauses here alone.
create or replace view open_channels as
  select c.id, c.platform, c.workspace_id, c.channel_id, c.next_at, c.ready_at, c.paced_until, c.free_at, c.xmin as version
    from channels c
   where not exists (select from pauses p where p.platform = c.platform and p.workspace_id in ('', c.workspace_id)
                        and p.channel_id in ('', c.channel_id) and (p.until is null or p.until > now()));

-- Down Migration

create or replace view open_channels as
  select id, platform, workspace_id, channel_id, next_at, ready_at, paced_until, free_at, xmin as version from channels;
drop table pauses;
