-- Who subscribes is shown the newest posts that would have been sent: by when they were out, without reading them all.

-- Up Migration

create index posts_newest on posts (least(published_at, first_seen_at) desc);

-- Down Migration

drop index posts_newest;
