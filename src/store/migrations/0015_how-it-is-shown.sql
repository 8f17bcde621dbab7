-- Up Migration

-- What a platform refuses is sent in a simpler form: card, the same words as text, title and link alone.
alter table deliveries add column format text not null default 'card' check (format in ('card', 'plain', 'bare'));
update deliveries set format = 'plain' where plain;
alter table deliveries drop column plain;

-- An operator's wish for one channel: Discord passes on what stands in an announcement channel when it is told to.
alter table channels add column publish boolean not null default false;

-- Down Migration

alter table channels drop column publish;
alter table deliveries add column plain boolean not null default false;
update deliveries set plain = true where format <> 'card';
alter table deliveries drop column format;
