import { later, type Clock } from '../../clock.js';
import type { SightingId } from '../../ids.js';
import type { Logger } from '../../log.js';
import type { Feed } from '../feed.js';
import type { FeedBody } from '../reading/feed-document.js';
import type { FeedStore } from '../feed-store.js';
import type { HubStore, HubSubscription } from './hub-store.js';
import type { PolledFeed } from '../poll-feed.js';
import { answerTo, ASKED_LEASE_MS, readQuestion, type HubQuestion } from './hub-policy.js';
import { checkSignature } from './push-signature.js';

/** What a hub is answered. The text is plain, never markup. */
export interface HubAnswer {
  readonly status: 200 | 202 | 403 | 404 | 410 | 503;
  readonly text: string;
}

export interface Push {
  readonly body: Uint8Array;
  readonly contentType: string | null;
  /** `X-Hub-Signature`. */
  readonly signature: string | null;
}

/** The callback that hubs call. Its address is a secret between us and one hub. */
export interface HubCallback {
  /** Asked before a body is read: null when there is something to read it for. */
  readonly refusePush: (token: string) => Promise<HubAnswer | null>;
  /** GET. */
  readonly verify: (token: string, query: Readonly<Record<string, unknown>>) => Promise<HubAnswer>;
  /** POST. Rejects when the body could not be stored: the hub must send it again. */
  readonly push: (token: string, push: Push) => Promise<HubAnswer>;
}

export interface HubCallbackDeps {
  readonly hubs: Pick<HubStore, 'byToken' | 'activate' | 'end' | 'deny' | 'pushed' | 'dropped'>;
  readonly feeds: Pick<FeedStore, 'get'>;
  /** Reads and stores a pushed body as a poll would. */
  readonly savePushed: (feed: Feed, body: FeedBody) => Promise<PolledFeed>;
  /** Hears of what is to be matched; it is found without that, later. */
  readonly onSightings: (ids: readonly SightingId[]) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

const TOKEN = /^[\w-]{43}$/;
const NOT_FOUND: HubAnswer = { status: 404, text: 'nothing was asked for here' };
const GONE: HubAnswer = { status: 410, text: 'this subscription is over' };
/** Longest text of a hub that is kept. */
const REASON_LENGTH = 200;

export function createHubCallback(deps: HubCallbackDeps): HubCallback {
  const find = async (token: string) => (TOKEN.test(token) ? deps.hubs.byToken(token) : null);
  return {
    refusePush: async (token) => refusalOf(await find(token)),
    verify: async (token, query) => {
      const subscription = await find(token);
      const question = readQuestion(query);
      return subscription && question ? answer(deps, subscription, question) : NOT_FOUND;
    },
    push: async (token, push) => {
      const subscription = await find(token);
      const refusal = refusalOf(subscription);
      if (refusal || !subscription) return refusal ?? NOT_FOUND;
      return receive(deps, subscription, push);
    },
  };
}

function refusalOf(subscription: HubSubscription | null): HubAnswer | null {
  if (!subscription) return NOT_FOUND;
  return subscription.feedId === null ? GONE : null;
}

async function answer(deps: HubCallbackDeps, subscription: HubSubscription, question: HubQuestion): Promise<HubAnswer> {
  const { hubs, log } = deps;
  const now = deps.clock();
  const verdict = answerTo(question, subscription, now);
  log.info('hub.called', { hub: subscription.hub.href, topic: question.topic, verdict: verdict.kind });
  switch (verdict.kind) {
    case 'refused':
      return NOT_FOUND;
    case 'confirmed':
      break;
    case 'active':
      await hubs.activate(subscription.id, verdict);
      break;
    case 'over':
      await hubs.end(subscription.id, later(now, ASKED_LEASE_MS));
      break;
    case 'denied':
      await hubs.deny(subscription.id, verdict.dueAt, deniedBecause(question));
      break;
  }
  return { status: 200, text: question.kind === 'verify' ? question.challenge : 'noted' };
}

function deniedBecause(question: HubQuestion): string {
  const reason = question.kind === 'denied' ? question.reason.slice(0, REASON_LENGTH) : '';
  return `the hub said no${reason === '' ? '' : `: ${reason}`}`;
}

async function receive(deps: HubCallbackDeps, subscription: HubSubscription, push: Push): Promise<HubAnswer> {
  const { signature, body, contentType } = push;
  switch (checkSignature(signature, body, subscription.secret)) {
    // A hub that does not sign at all is told: it does not keep what it promised.
    case 'missing':
      return drop(deps, subscription, { status: 403, text: 'a signature was asked for' });
    // Whoever guesses signatures learns nothing.
    case 'bad':
      return drop(deps, subscription, { status: 202, text: 'received' });
    case 'good':
      return store(deps, subscription, { bytes: body, contentType, baseUrl: subscription.baseUrl });
  }
}

async function drop(deps: HubCallbackDeps, { id, hub, topic }: HubSubscription, reply: HubAnswer): Promise<HubAnswer> {
  await deps.hubs.dropped(id);
  deps.log.warn('hub.push-dropped', { hub: hub.href, topic: topic.href, status: reply.status });
  return reply;
}

async function store(deps: HubCallbackDeps, subscription: HubSubscription, body: FeedBody): Promise<HubAnswer> {
  const feed = subscription.feedId && (await deps.feeds.get(subscription.feedId));
  if (!feed) return GONE;
  const saved = await deps.savePushed(feed, body);
  // What is no feed will be none when it is sent again.
  if (saved.kind === 'failed') return drop(deps, subscription, { status: 202, text: 'received' });
  await deps.hubs.pushed(subscription.id, deps.clock());
  const sightings = saved.kind === 'read' ? saved.saved.sightings : [];
  deps.log.info('hub.pushed', { feed: feed.url.href, hub: subscription.hub.href, new: sightings.length });
  if (sightings.length > 0) deps.onSightings(sightings);
  return { status: 200, text: 'stored' };
}
