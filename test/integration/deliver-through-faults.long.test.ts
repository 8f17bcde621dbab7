import { env } from 'node:process';
import { expect, test } from '@jest/globals';
import { openDeliveryWorld } from '../support/deliveries/delivery-world.js';
import { readLedger } from '../support/deliveries/ledger.js';
import { createMishaps } from '../support/deliveries/mishaps.js';
import { fullLength } from '../support/full-length.js';

const CHANNELS_EACH = Number(env['FAULTS_CHANNELS'] ?? 100);
const POSTS = Number(env['FAULTS_POSTS'] ?? fullLength(50, 10));
const SHARE = 0.05;
const STEP_MS = 10_000;
const DAY_MS = 86_400_000;
const TIMEOUT_MS = 900_000;
/** `FAULTS_SEED` plays a failed run again. */
const SEED = Number(env['FAULTS_SEED'] ?? Math.floor(Math.random() * 1e9));

test(
  `${String(POSTS * CHANNELS_EACH * 2)} deliveries, each kind of fault in ${String(SHARE * 100)} % of the posts: all arrive, once, in order`,
  async () => {
    const mishaps = createMishaps(SEED, SHARE);
    const world = await openDeliveryWorld({
      slackChannels: CHANNELS_EACH,
      discordChannels: CHANNELS_EACH,
      senders: 3,
      stepMs: STEP_MS,
      slack: { burst: 3, perMinute: { 'conversations.history': 50 }, mishap: mishaps.slack, remembers: false },
      discord: {
        bucket: { limit: 5, perMs: 5_000 },
        globalPerSecond: 50,
        mishap: mishaps.discord,
        remembers: false,
      },
    });
    try {
      const startedAt = world.clock.now();
      await world.promise(POSTS);
      await world.run(5 * DAY_MS);
      const hours = (world.clock.now().getTime() - startedAt.getTime()) / 3_600_000;
      const { deliveries } = await world.stores.statusOf.counts();
      const ledger = await readLedger(world);
      const limitHits = { slack: world.slack.limitHits(), discord: world.discord.limitHits() };
      process.stderr.write(
        `seed ${String(SEED)}, ${hours.toFixed(1)} h: ${JSON.stringify({ ledger, limitHits, dealt: mishaps.dealt })}\n`,
      );
      expect({ seed: SEED, ...deliveries, ...ledger, limitHits }).toEqual({
        seed: SEED,
        pending: 0,
        sending: 0,
        unknown: 0,
        sent: POSTS * CHANNELS_EACH * 2,
        abandoned: 0,
        digested: 0,
        held: 0,
        promised: POSTS * CHANNELS_EACH * 2,
        messages: POSTS * CHANNELS_EACH * 2,
        missing: 0,
        repeated: 0,
        outOfOrder: 0,
        strange: 0,
        limitHits: { slack: 0, discord: 0 },
      });
      expect(Object.keys(mishaps.dealt)).toHaveLength(27);
    } finally {
      await world.close();
    }
  },
  TIMEOUT_MS,
);
