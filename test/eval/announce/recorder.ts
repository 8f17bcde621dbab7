import type { Pool } from 'pg';
import type { ChatAdapter } from '../../../src/chat/chat-adapter.js';
import { channelName } from '../../../src/chat/channel.js';
import type { DeliveryId, FeedId, SightingId } from '../../../src/ids.js';
import { rows } from '../../../src/store/rows.js';

/** A post that a channel was told of. */
export interface Announcement {
  readonly channel: string;
  /** As the replay server calls it. */
  readonly feed: string;
  /** Guid, link and title as the feed showed them. */
  readonly link: string | null;
  readonly title: string;
  readonly guid: string | null;
  /** The one whose poll brought the post. */
  readonly snapshot: number | null;
  readonly as: 'message' | 'digest';
}

interface Recorder {
  readonly pool: Pool;
  readonly nameOf: (id: FeedId) => string;
  readonly snapshotOf: (id: SightingId) => number | null;
  readonly announce: (announcement: Announcement) => void;
}

/** A platform where every message arrives, and is written down. */
export function createRecordingAdapter({ pool, nameOf, snapshotOf, announce }: Recorder): ChatAdapter {
  return {
    platform: 'console',
    routes: [],
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    post: async (channel, _message, { id }) => {
      const told = await toldIn(pool, id);
      for (const { sighting, feed, ...shown } of told) {
        const where = { channel: channelName(channel), feed: nameOf(feed) };
        announce({ ...where, ...shown, snapshot: snapshotOf(sighting) });
      }
      return { kind: 'posted', messageId: id };
    },
    edit: (_channel, messageId) => Promise.resolve({ kind: 'posted', messageId }),
    find: () => Promise.resolve({ kind: 'absent' }),
  };
}

interface ToldRow {
  sighting: SightingId;
  feed: FeedId;
  guid: string | null;
  link: string | null;
  title: string;
  as: Announcement['as'];
}

/** The posts that one message tells of; none for a notice. */
function toldIn(pool: Pool, id: DeliveryId): Promise<ToldRow[]> {
  return rows<ToldRow>(pool, TOLD, [id]);
}

const TOLD = /* sql */ `
  select s.id as sighting, s.feed_id as feed, s.guid, s.link, s.title,
         case when d.in_digest is null then 'message' else 'digest' end as "as"
    from deliveries d join sightings s on s.id = d.sighting_id where d.id = $1 or d.in_digest = $1 order by d.seq`;
