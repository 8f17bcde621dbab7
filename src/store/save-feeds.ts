import type { Feed } from '../feeds/feed.js';
import type { PollRecord, ReadDocument } from '../feeds/feed-store.js';
import { originOf } from '../feeds/schedule/origin.js';
import type { IdentityMode } from '../posts/identity/mode.js';
import { rows, type Db, type Session } from './rows.js';
import { saveRecords, withCount } from './save-record.js';

/** A feed of which a document was read. */
export interface ReadFeed {
  readonly feed: Feed;
  readonly document: ReadDocument;
  /** Null: a push, which changes nothing of the schedule but what is known of the feed's habits. */
  readonly record: PollRecord | null;
  /** How many new entries there were, and of them how many are to be told. */
  readonly news: number;
  readonly announced: number;
  readonly identityMode: IdentityMode | null;
  readonly now: Date;
}

/** How feeds stand after their documents. */
export async function saveFeeds({ db, leave }: Session, feeds: readonly ReadFeed[]): Promise<void> {
  const polled = feeds.flatMap((one) => (one.record ? [{ ...one, record: one.record }] : []));
  for (const { feed, record, news, announced, now } of feeds) {
    if (!record && news > 0) leave(rows(db, SAVE_NEWS, [feed.id, now, announced]));
  }
  const records = polled.map(({ feed, document, record, announced, identityMode, now }) => ({
    ...{ feed, record, now },
    read: { ...document, announced, identityMode },
  }));
  if (records.length > 0) leave(saveRecords(db, records));
  for (const { feed, record } of polled) if (record.adopt) await adopt(db, feed, record.adopt);
}

/** The publisher's new address for the feed, unless that is followed already. Validators belong to the old one. */
async function adopt(db: Db, feed: Feed, url: URL): Promise<void> {
  const { origin, domain } = originOf(url);
  await rows(db, 'insert into origins (origin, domain) values ($1, $2) on conflict do nothing', [origin, domain]);
  await rows(db, ADOPT, [feed.id, url.href, origin]);
}

const ADOPT = /* sql */ `
  update feeds set url = $2, origin = $3, etag = null, last_modified = null, move_to = null, move_polls = 0,
         move_since = null
   where id = $1 and not exists (select from feeds where url = $2)`;

const SAVE_NEWS = /* sql */ `
  update feeds
     set new_at = (new_at || $2::timestamptz)[greatest(cardinality(new_at) - 19, 1):],
         new_counts = ${withCount('$3::integer')}
   where id = $1`;
