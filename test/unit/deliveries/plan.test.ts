import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { channelName, type ChannelRef } from '../../../src/chat/channel.js';
import { plan, type Sighting } from '../../../src/deliveries/plan.js';
import type { FeedId, SightingId, SubscriptionId, TopicId } from '../../../src/ids.js';
import type { Subscription, Target } from '../../../src/subscriptions/subscription.js';
import { memoryPost } from '../../support/memory-stores.js';
import { topic } from '../../support/command-bench.js';

const TOPICS = [topic('postgres', 'Postgres'), topic('kafka', 'Kafka'), topic('rust', 'Rust')];
const HERE = 'feed-here' as FeedId;
const sighting: Sighting = { id: 's' as SightingId, feedId: HERE, burst: null, post: memoryPost('Postgres and Kafka') };
const CHANNEL: ChannelRef = { platform: 'slack', workspaceId: 'T1', channelId: 'C1' };

const subscription = (target: Target, channel = CHANNEL): Subscription => ({
  id: 'sub' as SubscriptionId,
  channel,
  target,
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
    expect(plan(sighting, TOPICS, [subscription(target)])).toEqual([{ channel: CHANNEL, wantedBy: [target] }]);
  });

  test.each(UNWANTED)('but not for %j', (target) => {
    expect(plan(sighting, TOPICS, [subscription(target)])).toEqual([]);
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
      const planned = plan(sighting, TOPICS, subscriptions);
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
