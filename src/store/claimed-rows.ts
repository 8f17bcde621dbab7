import type { DeliveryId, PostId } from '../ids.js';
import type { Platform } from '../chat/channel.js';
import type { MessageFormat } from '../chat/message.js';
import type { ClaimedDelivery, Told } from '../deliveries/delivery-store.js';
import { ALSO_IN } from './also-in.js';
import { quietOf, type QuietRow } from './channels.js';
import type { StoredNotice } from './digests.js';
import type { PostRow } from './posts.js';
import { urlOrNull } from './rows.js';

/** While it failed less often, nobody asks whether others got through. */
const OFTEN = 3;

/** What the work on `claimed` needs; $1 is now. */
export const CLAIMED = /* sql */ `
  select d.id, c.platform, c.workspace_id, c.channel_id, d.promised_at, d.attempts, d.format, c.publish, p.id as post_id, f.url as feed_url, d.aside, d.checks, d.state,
         d.unsure_since, d.lease_until, d.turn_at, d.first_tried_at, c.per_hour, c.burst,
         (d.attempts >= ${String(OFTEN)} or d.checks >= ${String(OFTEN)}) and exists (
           select from channels oc join deliveries o on o.channel_id = oc.id
            where oc.platform = c.platform and oc.workspace_id = c.workspace_id
              and o.state = 'sent' and o.settled_at > d.first_tried_at) as others_sent,
         coalesce(f.title, f.url, case when d.notice ? 'lines' then '' when d.notice is not null then 'Tidings' end, '') as source,
         ${ALSO_IN} as also_in,
         array(select settled_at from deliveries
                where channel_id = c.id and state = 'sent' and settled_at > $1::timestamptz - interval '1 hour'
                order by settled_at desc limit greatest(c.per_hour, c.burst, 0)) as sent_at,
         c.time_zone, c.quiet_from, c.quiet_to,
         (select h.message_id from deliveries h where h.id = d.continues and h.state = 'sent') as continues,
         d.notice, coalesce(p.title, d.notice ->> 'title') as title, coalesce(p.url, d.notice ->> 'url') as url, p.author,
         coalesce(p.body, d.notice ->> 'text') as body, coalesce(p.tags, '{}') as tags, p.image_url, p.published_at
    from claimed d join channels c on c.id = d.channel_id left join posts p on p.id = d.post_id
         left join sightings s on s.id = d.sighting_id left join feeds f on f.id = s.feed_id`;

export interface ClaimRow extends Omit<PostRow, 'id' | 'first_seen_at'>, QuietRow {
  id: DeliveryId;
  notice: StoredNotice | null;
  platform: Platform;
  workspace_id: string;
  channel_id: string;
  promised_at: Date;
  attempts: number;
  format: MessageFormat;
  publish: boolean;
  post_id: PostId | null;
  feed_url: string | null;
  aside: boolean;
  others_sent: boolean;
  checks: number;
  state: 'sending' | 'unknown';
  unsure_since: Date | null;
  lease_until: Date;
  turn_at: Date;
  first_tried_at: Date;
  per_hour: number | null;
  burst: number | null;
  source: string;
  also_in: string[];
  sent_at: Date[];
  continues: string | null;
}

/** Those of one post share it, so that what a message says of it is worked out once. */
export function claimedOfAll(stored: readonly ClaimRow[]): ClaimedDelivery[] {
  const posts = new Map<PostId, Told>();
  return stored.map((one) => {
    const claimed = claimedOf(one);
    if (claimed.postId === null) return claimed;
    const post = posts.get(claimed.postId) ?? claimed.post;
    posts.set(claimed.postId, post);
    return { ...claimed, post };
  });
}

export function claimedOf(stored: ClaimRow): ClaimedDelivery {
  const since = stored.unsure_since ?? stored.first_tried_at;
  return {
    delivery: {
      id: stored.id,
      channel: { platform: stored.platform, workspaceId: stored.workspace_id, channelId: stored.channel_id },
      promisedAt: stored.promised_at,
      attempts: stored.attempts,
      format: stored.format,
      aside: stored.aside,
      othersSent: stored.others_sent,
    },
    unknown: stored.state === 'unknown' ? { checks: stored.checks, since } : null,
    leaseUntil: stored.lease_until,
    turnAt: stored.turn_at,
    firstTriedAt: stored.first_tried_at,
    post: {
      title: stored.title,
      url: urlOrNull(stored.url),
      author: stored.author,
      text: stored.body,
      tags: stored.tags,
      imageUrl: urlOrNull(stored.image_url),
      publishedAt: stored.published_at,
      isNotice: stored.notice !== null,
      lines: stored.notice?.lines?.map(({ url, ...line }) => ({ ...line, url: urlOrNull(url) })) ?? [],
    },
    source: stored.source,
    alsoIn: stored.also_in,
    postId: stored.notice === null ? stored.post_id : null,
    feedUrl: stored.feed_url,
    publish: stored.publish,
    pace: { perHour: stored.per_hour, burst: stored.burst },
    sentAt: stored.sent_at,
    continues: stored.continues,
    quiet: quietOf(stored),
  };
}
