import { randomBytes } from 'node:crypto';
import { later, type Clock } from '../../clock.js';
import type { Logger } from '../../log.js';
import type { Feed } from '../feed.js';
import type { FeedDocument } from '../reading/feed-document.js';
import type { HubRequest, HubStore } from './hub-store.js';
import type { PostForm } from '../fetching/post-form.js';
import { afterAsking, ASKED_LEASE_MS, DISTRUST_MS } from './hub-policy.js';
import { offeredHubs, type ShownLinks } from './offered-hubs.js';

/** What a document showed that was read in a poll. */
export interface PolledLinks extends ShownLinks {
  readonly document: Pick<FeedDocument, 'hubs' | 'selfUrl' | 'cutOff'>;
  /** It held entries that were new to a feed that had been polled before. */
  readonly broughtNew: boolean;
}

/** Keeps what a feed says of its hub. Costs no query for a feed that names none and has none that is trusted. */
export type NoteHub = (feed: Feed, seen: PolledLinks, now: Date) => Promise<void>;

const TOKEN_BYTES = 32;
const SECRET_BYTES = 48;

export function createNoteHub(hubs: Pick<HubStore, 'want' | 'giveUp' | 'distrust'>): NoteHub {
  return async (feed, seen, now) => {
    const offered = offeredHubs(seen);
    if (offered) {
      const fresh = { offered, baseUrl: seen.url, token: random(TOKEN_BYTES), secret: random(SECRET_BYTES) };
      await hubs.want(feed.id, fresh, now);
    } else if (feed.pushedUntil && !seen.document.cutOff) {
      await hubs.giveUp(feed.id, now);
    }
    const isTrusted = feed.pushedUntil !== null && feed.pushedUntil > now;
    if (isTrusted && seen.broughtNew) await hubs.distrust(feed.id, later(now, DISTRUST_MS));
  };
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

export interface AskHubsDeps {
  readonly hubs: Pick<HubStore, 'claimDue' | 'settle'>;
  readonly postForm: PostForm;
  /** Where this bot is reached from outside. */
  readonly publicUrl: URL;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Longer than a request may take: a hub that is asked is not asked by another process. */
const CLAIM_MS = 2 * 60_000;
const AT_ONCE = 16;

/** Sends the requests to hubs that are due: first ones, renewals, goodbyes. Returns how many. */
export async function askHubs(deps: AskHubsDeps): Promise<number> {
  const now = deps.clock();
  const requests = await deps.hubs.claimDue(now, later(now, CLAIM_MS), AT_ONCE, deps.publicUrl);
  await Promise.all(requests.map((request) => ask(deps, request)));
  return requests.length;
}

async function ask(deps: AskHubsDeps, request: HubRequest): Promise<void> {
  const reply = await deps.postForm(request.hub, fieldsOf(request, deps.publicUrl));
  const next = afterAsking({ mode: request.asked, attempts: request.attempts }, reply, deps.clock());
  await deps.hubs.settle(request, next);
  const { hub, topic, asked: mode } = request;
  deps.log.info('hub.asked', { hub: hub.href, topic: topic.href, mode, trouble: next.trouble });
}

/** WebSub §5.1. Hubs of PubSubHubbub 0.3 also insist on being told how to verify; others ignore it, as they must. */
function fieldsOf({ asked, topic, token, secret }: HubRequest, publicUrl: URL): Readonly<Record<string, string>> {
  const fields = {
    'hub.callback': callbackUrl(publicUrl, token).href,
    'hub.mode': asked,
    'hub.topic': topic.href,
    'hub.verify': 'async',
  };
  if (asked === 'unsubscribe') return fields;
  return { ...fields, 'hub.lease_seconds': String(ASKED_LEASE_MS / 1000), 'hub.secret': secret };
}

function callbackUrl(publicUrl: URL, token: string): URL {
  return new URL(`${publicUrl.href.replace(/\/*$/, '')}/websub/${token}`);
}
