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

-- Down Migration

drop table pauses;
