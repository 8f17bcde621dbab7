import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { channelName, type ChannelRef } from '../../../src/chat/channel.js';
import { plan, type Sighting } from '../../../src/deliveries/plan.js';
import type { FeedId, SightingId, SubscriptionId, TopicId } from '../../../src/ids.js';
import { AT_ONCE } from '../../../src/subscriptions/schedule.js';
import type { Subscription, Target } from '../../../src/subscriptions/subscription.js';
import { memoryPost } from '../../support/memory-stores.js';
import { topic } from '../../support/command-bench.js';

const TOPICS = [topic('postgres', 'Postgres'), topic('kafka', 'Kafka'), topic('rust', 'Rust')];
const NOW = new Date('2026-03-02T00:00:00Z');
const HERE = 'feed-here' as FeedId;
const sighting: Sighting = { id: 's' as SightingId, feedId: HERE, burst: null, post: memoryPost('Postgres and Kafka') };
const CHANNEL: ChannelRef = { platform: 'slack', workspaceId: 'T1', channelId: 'C1' };

const subscription = (target: Target, channel = CHANNEL): Subscription => ({
  id: 'sub' as SubscriptionId,
  channel,
  target,
  schedule: AT_ONCE,
  createdBy: 'U1',
  createdAt: new Date(0),
});

const WANTED: readonly Target[] = [
  { kind: 'everything' },
  { kind: 'feed', feedId: HERE },
  { kind: 'topic', topicId: 'postgres' as TopicId },
  { kind: 'topic', topicId: 'kafka' as TopicId },
  { kind: 'query', text: 'kafka -rust' },
];
const UNWANTED: readonly Target[] = [
  { kind: 'feed', feedId: 'feed-elsewhere' as FeedId },
  { kind: 'topic', topicId: 'rust' as TopicId },
  { kind: 'topic', topicId: 'withdrawn' as TopicId },
  { kind: 'query', text: '"kafka and postgres"' },
];

describe('a channel hears of a post', () => {
  test.each(WANTED)('that %j asks for', (target) => {
    expect(plan(sighting, TOPICS, { subscriptions: [subscription(target)], now: NOW })).toEqual([
      { channel: CHANNEL, wantedBy: [target] },
    ]);
  });

  test.each(UNWANTED)('but not for %j', (target) => {
    expect(plan(sighting, TOPICS, { subscriptions: [subscription(target)], now: NOW })).toEqual([]);
  });
});

test('a channel hears of a post once, however many of its subscriptions match, and nobody else does', () => {
  const channel = fc.record<ChannelRef>({
    platform: fc.constantFrom('slack', 'discord'),
    workspaceId: fc.constantFrom('W1', 'W2'),
    channelId: fc.constantFrom('C1', 'C2', 'C3'),
  });
  const some = fc.tuple(fc.constantFrom(...WANTED, ...UNWANTED), channel);
  fc.assert(
    fc.property(fc.array(some), (asked) => {
      const subscriptions = asked.map(([target, place]) => subscription(target, place));
      const planned = plan(sighting, TOPICS, { subscriptions, now: NOW });
      const heard = planned.map((each) => channelName(each.channel));
      const reasons = planned.flatMap(({ wantedBy }) => wantedBy);
      expect(reasons).toHaveLength(subscriptions.filter(({ target }) => WANTED.includes(target)).length);
      const meant = subscriptions
        .filter(({ target }) => WANTED.includes(target))
        .map((each) => channelName(each.channel));
      expect(new Set(heard).size).toBe(heard.length);
      expect(new Set(heard)).toEqual(new Set(meant));
    }),
  );
});

test('the soonest subscription decides when: at once beats any digest, and an earlier slot a later one', () => {
  const [here, topicToo, all] = WANTED.slice(0, 3).map((target) => subscription(target));
  if (!here || !topicToo || !all) throw new Error('too few');
  const daily = { ...here, schedule: { when: { kind: 'daily', minute: 510 }, timeZone: 'UTC' } } as const;
  const hourly = { ...topicToo, schedule: { when: { kind: 'hourly' }, timeZone: 'UTC' } } as const;
  const until = (...subscriptions: Subscription[]) => plan(sighting, TOPICS, { subscriptions, now: NOW })[0]?.heldUntil;
  expect(until(daily)).toEqual(new Date('2026-03-02T08:30:00Z'));
  expect(until(daily, hourly)).toEqual(new Date('2026-03-02T01:00:00Z'));
  expect(until(hourly, daily)).toEqual(new Date('2026-03-02T01:00:00Z'));
  expect(until(daily, all, hourly)).toBeUndefined();
});
