-- WebSub: a feed that names a hub is pushed by it. What was asked of which hub, what it granted until when, and whether
-- its pushes have earned that the feed is polled but once a day, must outlive every process.

-- Up Migration

create table hub_subscriptions (
  id uuid primary key default gen_random_uuid(),
  -- Null: given up, because the feed was removed or names another hub. The hub is told before the row goes.
  feed_id uuid unique references feeds on delete set null,
  hub_url text not null,
  topic_url text not null,
  base_url text not null,
  -- Both are told to the hub again with each renewal, so neither can be kept as a hash.
  token text not null unique,
  secret text not null check (octet_length(secret) < 200),
  state text not null check (state in ('asking', 'active', 'denied', 'over')),
  -- What the hub has not verified yet.
  asked text check (asked in ('subscribe', 'unsubscribe')),
  asked_at timestamptz,
  -- Where the hub was told to call us.
  public_url text,
  attempts integer not null default 0,
  -- When to ask (again), to renew, or to forget.
  due_at timestamptz not null,
  lease_until timestamptz,
  -- The first push with a good signature since it was last distrusted.
  trusted_since timestamptz,
  distrust_until timestamptz,
  last_pushed_at timestamptz,
  -- Bodies thrown away, for want of a good signature or of a feed in them.
  dropped integer not null default 0,
  -- Why the hub does not push, in words for a person.
  trouble text
);
create index hub_subscriptions_due on hub_subscriptions (due_at);
create index hub_subscriptions_given_up on hub_subscriptions (id) where feed_id is null;

-- Down Migration

drop table hub_subscriptions;
