import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryId } from '../ids.js';
import type { ChatAdapter, PlatformPace } from '../chat/chat-adapter.js';
import { later } from '../clock.js';
import { errorStack } from '../log.js';
import { createAlarm } from './alarm.js';
import { deliver, LEASE_MS, type DeliverDeps } from './deliver.js';
import type { ClaimedDelivery, DeliveryStore } from './delivery-store.js';
import { shareOf } from './pace.js';

export interface SenderDeps extends DeliverDeps {
  readonly deliveries: Pick<DeliveryStore, 'record' | 'fold' | 'hold' | 'claimDue' | 'countRequests'>;
  /** What is due within this time is waited for; absent where time is moved by hand. */
  readonly lingerMs?: number;
}

/** Sends what is due on one platform. */
export interface Sender {
  /**
   * Resolves once nothing is due, or soon due, or under way. Null: it was awake, and looks again at once. Rejects when the
   * database cannot be asked.
   */
  readonly wake: () => Promise<void> | null;
  /** Claims nothing more. Resolves once nothing is under way. */
  readonly stop: () => Promise<void>;
}

/** Requests that a process has under way on one platform at once; each costs little more than a socket. */
const HANDS = 128;
/** Claims are at least so far apart, so that one finds several. */
const CLAIM_EVERY_MS = 10;
const NO_LIMITS: PlatformPace = { perChannel: null, perBot: null };

export function createSender(deps: SenderDeps, adapter: ChatAdapter): Sender {
  const hands = createHands(deps, adapter, () => {
    alarm.ring();
  });
  const alarm = createAlarm();
  const requests = createRequestCount(deps, adapter);
  let awake: Promise<void> | null = null;
  let stopped = false;

  /** Returns for how long there is nothing to do; null: until something ends, or is promised. */
  const look = async (): Promise<number | null> => {
    await requests.report(hands.areIdle());
    if (stopped || hands.free() === 0) return null;
    const now = deps.clock();
    const { claimed, nextAt } = await deps.deliveries.claimDue({
      ...{ platform: adapter.platform, pace: adapter.pace ?? NO_LIMITS, now, leaseUntil: later(now, LEASE_MS) },
      ...hands.shares(),
    });
    requests.pay(claimed.length);
    for (const one of claimed) hands.take(one);
    if (claimed.length > 0) return CLAIM_EVERY_MS;
    return nextAt && Math.max(nextAt.getTime() - deps.clock().getTime(), 0);
  };

  const send = async (): Promise<void> => {
    for (;;) {
      alarm.reset();
      const idleMs = await look();
      const isOver = stopped || idleMs === null || idleMs > (deps.lingerMs ?? 0);
      if (isOver && hands.areIdle() && !alarm.hasRung()) return;
      await Promise.all([alarm.wait(idleMs), sleep(hands.areIdle() && idleMs !== 0 ? 0 : CLAIM_EVERY_MS)]);
    }
  };

  return {
    wake: () => {
      alarm.ring();
      if (awake) return null;
      awake = send().finally(() => {
        awake = null;
      });
      return awake;
    },
    stop: async () => {
      stopped = true;
      alarm.ring();
      await awake?.catch(() => undefined);
      await hands.areEmpty();
    },
  };
}

interface Hands {
  readonly free: () => number;
  readonly areIdle: () => boolean;
  /** Resolves once nothing is under way. */
  readonly areEmpty: () => Promise<void>;
  readonly shares: () => {
    readonly limit: number;
    readonly share: number;
    readonly shares: ReadonlyMap<string, number>;
  };
  readonly take: (claimed: ClaimedDelivery) => void;
}

function createHands(deps: DeliverDeps, adapter: ChatAdapter, onEnd: () => void): Hands {
  /** By delivery, its workspace. */
  const busy = new Map<DeliveryId, string>();
  const running = new Set<Promise<void>>();
  const free = () => HANDS - busy.size;
  return {
    free,
    areIdle: () => busy.size === 0,
    areEmpty: async () => {
      await Promise.all(running);
    },
    shares: () => {
      const underWay = new Map<string, number>();
      for (const workspace of busy.values()) underWay.set(workspace, (underWay.get(workspace) ?? 0) + 1);
      const shares = new Map([...underWay].map(([workspace, count]) => [workspace, shareOf(free(), count)]));
      return { limit: free(), share: shareOf(free(), 0), shares };
    },
    take: (claimed) => {
      const { id, channel } = claimed.delivery;
      busy.set(id, channel.workspaceId);
      const ended = deliver(deps, { claimed, adapter, claimedAtMs: performance.now() })
        .catch((error: unknown) => {
          // Its lease ends, and it is looked for.
          deps.log.error('delivery.failed', { delivery: id, error: errorStack(error) });
        })
        .finally(() => {
          busy.delete(id);
          running.delete(ended);
          onEnd();
        });
      running.add(ended);
    },
  };
}

interface RequestCount {
  /** Each claim has its turn under the pace of the whole bot, which is for one request. */
  readonly pay: (claims: number) => void;
  /** What was asked besides takes turns too. `isIdle`: nothing is claimed that has yet to be asked. */
  readonly report: (isIdle: boolean) => Promise<void>;
}

function createRequestCount({ deliveries, clock }: SenderDeps, adapter: ChatAdapter): RequestCount {
  let unpaid = 0;
  return {
    pay: (claims) => {
      unpaid -= claims;
    },
    report: async (isIdle) => {
      const { recent, invalid } = adapter.takeRequests?.() ?? { recent: 0, invalid: 0 };
      unpaid += recent;
      const unpacedMs = Math.max(unpaid, 0) * (adapter.pace?.perBot?.everyMs ?? 0);
      if (isIdle || unpaid > 0) unpaid = 0;
      if (unpacedMs > 0 || invalid > 0)
        await deliveries.countRequests(adapter.platform, { unpacedMs, invalid }, clock());
    },
  };
}
