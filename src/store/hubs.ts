import type { Pool } from 'pg';
import type { FeedId, HubSubscriptionId } from '../ids.js';
import type { HubMode, HubRequest, HubStore, HubSubscription, NewHubSubscription } from '../feeds/websub/hub-store.js';
import { row, rows, transaction } from './rows.js';

export function createHubStore(pool: Pool): HubStore {
  const run = async (sql: string, values: readonly unknown[]): Promise<void> => {
    await pool.query(sql, [...values]);
  };
  return {
    want: (feedId, fresh, now) => want(pool, { feedId, fresh, now }),
    giveUp: (feedId, now) => run(GIVE_UP, [feedId, now]),
    distrust: (feedId, until) => run(DISTRUST, [feedId, until]),
    claimDue: async (now, leaseUntil, limit, publicUrl) => {
      await run(FORGET, [now]);
      return (await rows<RequestRow>(pool, CLAIM_DUE, [now, leaseUntil, limit, publicUrl.href])).map(requestOf);
    },
    settleAddress: (publicUrl, now) => run(SETTLE_ADDRESS, [publicUrl.href, now]),
    settle: ({ id, askedAt }, { dueAt, over, trouble }) => run(SETTLE, [id, askedAt, dueAt, over, trouble]),
    byToken: async (token) => {
      const stored = await row<HubRow>(pool, BY_TOKEN, [token]);
      return stored && subscriptionOf(stored);
    },
    activate: (id, { leaseUntil, renewAt }) => run(ACTIVATE, [id, leaseUntil, renewAt]),
    end: (id, forgetAt) => run(END, [id, forgetAt]),
    deny: (id, dueAt, trouble) => run(DENY, [id, dueAt, trouble]),
    pushed: (id, now) => run(PUSHED, [id, now]),
    dropped: (id) => run('update hub_subscriptions set dropped = dropped + 1 where id = $1', [id]),
  };
}

interface HubRow {
  id: HubSubscriptionId;
  feed_id: FeedId | null;
  hub_url: string;
  topic_url: string;
  base_url: string;
  token: string;
  secret: string;
  state: HubSubscription['state'];
  asked: HubMode | null;
}

interface RequestRow extends HubRow {
  asked: HubMode;
  asked_at: Date;
  attempts: number;
}

interface Want {
  readonly feedId: FeedId;
  readonly fresh: NewHubSubscription;
  readonly now: Date;
}

const COLUMNS = `h.id, h.feed_id, h.hub_url, h.topic_url, h.base_url, h.token, h.secret, h.state, h.asked`;

/** Most polls find the subscription standing: that is one query and no transaction. */
async function want(pool: Pool, { feedId, fresh, now }: Want): Promise<void> {
  const { hubs, topic } = fresh.offered;
  const [hub] = hubs;
  if (!hub || (await row(pool, STANDS, [feedId, hubs.map(({ href }) => href), topic.href]))) return;
  await transaction(pool, async (db) => {
    await db.query(GIVE_UP, [feedId, now]);
    const values = [feedId, hub.href, topic.href, fresh.baseUrl.href, fresh.token, fresh.secret, now];
    await db.query(ADD, values);
  });
}

const STANDS = /* sql */ `
  select id from hub_subscriptions where feed_id = $1 and hub_url = any ($2::text[]) and topic_url = $3`;

/** Due now, so that the hub is told. */
const GIVE_UP = /* sql */ `
  with given_up as (
    update hub_subscriptions set feed_id = null, due_at = $2::timestamptz where feed_id = $1
  )
  update feeds set pushed_until = null where id = $1 and pushed_until is not null`;

const ADD = /* sql */ `
  insert into hub_subscriptions (feed_id, hub_url, topic_url, base_url, token, secret, state, due_at)
  select $1, $2, $3, $4, $5, $6, 'asking', $7 where exists (select from feeds where id = $1)
  on conflict do nothing`;

const DISTRUST = /* sql */ `
  with distrusted as (
    update hub_subscriptions set trusted_since = null, distrust_until = $2 where feed_id = $1
  )
  update feeds set pushed_until = null where id = $1`;

/** What a hub never heard of, refused, or has had time enough to stop. */
const FORGET = /* sql */ `
  delete from hub_subscriptions
   where feed_id is null and (asked_at is null or state = 'denied' or (state = 'over' and due_at <= $1))`;

/** A feed that was removed leaves its subscription behind without a date: it is due as soon as somebody looks. */
const CLAIM_DUE = /* sql */ `
  with due as (
    select id, case when feed_id is null then 'unsubscribe' else 'subscribe' end as mode
      from hub_subscriptions
     where state <> 'over' and (due_at <= $1 or (feed_id is null and asked is distinct from 'unsubscribe'))
     order by due_at limit $3
       for update skip locked
  )
  update hub_subscriptions h
     set attempts = case when h.asked = due.mode then h.attempts + 1 else 1 end,
         asked = due.mode, asked_at = $1, due_at = $2, public_url = $4,
         state = case when h.state = 'denied' then 'asking' else h.state end
    from due where h.id = due.id
  returning ${COLUMNS}, h.asked_at, h.attempts`;

const SETTLE_ADDRESS = /* sql */ `
  with moved as (
    update hub_subscriptions set due_at = $2, trusted_since = null
     where public_url <> $1 and feed_id is not null
    returning feed_id
  )
  update feeds f set pushed_until = null from moved where f.id = moved.feed_id`;

/** A hub may verify before it answers; what it verified is newer than its answer. */
const SETTLE = /* sql */ `
  update hub_subscriptions
     set due_at = $3, trouble = $5, state = case when $4 then 'over' else state end,
         asked = case when $4 then null else asked end
   where id = $1 and asked_at = $2 and asked is not null`;

const BY_TOKEN = /* sql */ `select ${COLUMNS} from hub_subscriptions h where h.token = $1`;

const ACTIVATE = /* sql */ `
  with active as (
    update hub_subscriptions
       set state = 'active', asked = null, attempts = 0, trouble = null, lease_until = $2, due_at = $3
     where id = $1 and feed_id is not null
    returning feed_id, trusted_since
  )
  update feeds f set pushed_until = $2 from active where f.id = active.feed_id and active.trusted_since is not null`;

const END = /* sql */ `
  update hub_subscriptions set state = 'over', asked = null, trouble = null, due_at = $2 where id = $1`;

const DENY = /* sql */ `
  with denied as (
    update hub_subscriptions
       set state = 'denied', asked = null, due_at = $2, trouble = $3, lease_until = null, trusted_since = null
     where id = $1
    returning feed_id
  )
  update feeds f set pushed_until = null from denied where f.id = denied.feed_id and f.pushed_until is not null`;

const PUSHED = /* sql */ `
  with pushed as (
    update hub_subscriptions
       set last_pushed_at = $2::timestamptz,
           trusted_since = case
             when state = 'active' and lease_until > $2 and coalesce(distrust_until, '-infinity') <= $2
             then coalesce(trusted_since, $2) end
     where id = $1
    returning feed_id, lease_until, trusted_since
  )
  update feeds f set pushed_until = pushed.lease_until from pushed
   where f.id = pushed.feed_id and pushed.trusted_since is not null
     and f.pushed_until is distinct from pushed.lease_until`;

function subscriptionOf(stored: HubRow): HubSubscription {
  return {
    id: stored.id,
    feedId: stored.feed_id,
    hub: new URL(stored.hub_url),
    topic: new URL(stored.topic_url),
    baseUrl: new URL(stored.base_url),
    token: stored.token,
    secret: stored.secret,
    state: stored.state,
    asked: stored.asked,
  };
}

function requestOf(stored: RequestRow): HubRequest {
  const { asked, asked_at: askedAt, attempts } = stored;
  return { ...subscriptionOf(stored), asked, askedAt, attempts };
}
