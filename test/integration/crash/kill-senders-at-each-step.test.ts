/* eslint jest/expect-expect: ['error', { assertFunctionNames: ['expect', 'killAndLook'] }] */
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { readLedger } from '../../support/deliveries/ledger.js';
import { describeWithRedis } from '../../support/redis.js';
import { openTestRedis, type TestRedis } from '../../support/redis-server.js';
import { killAt, killedAt, stepsOf } from '../../support/steps/kill-at.js';
import { openStepSenders, type StepSenders } from '../../support/steps/step-senders.js';

const SENDERS = [0, 1, 2];
const CHANNELS = 24;
const DRAIN_MS = 120_000;
const TIMEOUT_MS = 600_000;

/** Enough that every step is taken. */
const TIMES = 3;
const OF_EDITS = /^(prepare|claim|edit \w+) \||update edits/;
/** After a look nothing is other than before the next step. And what is passed on twice is passed on once. */
const CHANGES_NOTHING = /^due \||^(find|post again) .*crosspost/;

let steps: readonly string[];
let world: StepSenders | null = null;
let redis: TestRedis | null = null;

beforeAll(async () => {
  const undisturbed = await openStepSenders(null);
  try {
    for (let time = 0; time < TIMES; time += 1) await undisturbed.bringPosts();
    await undisturbed.correctTitles();
    await undisturbed.drain(DRAIN_MS);
    await undisturbed.drainEdits();
    const all = SENDERS.flatMap((index) => stepsOf(undisturbed.sender(index)));
    steps = [...new Set(all)].filter((step) => !CHANGES_NOTHING.test(step));
  } finally {
    await undisturbed.close();
  }
}, TIMEOUT_MS);
afterEach(async () => {
  await world?.close();
  await redis?.drop();
  world = redis = null;
});

test('the steps are those of all that is done to a message', () => {
  const places = ['claimDue', 'countRequests', 'find', 'post', 'post again', 'record', 'prepare', 'claim', 'edit'];
  const platforms = / (slack|discord)$/;
  const seen = steps.map((step) => (step.split(' | ')[0] ?? '').replace(platforms, ''));
  expect([...new Set(seen)].sort()).toEqual(places.sort());
  expect(steps).toEqual(
    expect.arrayContaining([
      'claimDue | before begin',
      'claimDue | before commit',
      'claimDue | sent commit',
      'claimDue | ends',
      ...['post slack', 'post again slack'].flatMap((post) => stepsOfRequest(post, 'POST /chat.postMessage')),
      ...['post discord', 'post again discord'].flatMap((post) => stepsOfRequest(post, 'POST /channels/:id/messages')),
      ...stepsOfRequest('edit slack', 'POST /chat.update'),
      ...stepsOfRequest('edit discord', 'PATCH /channels/:id/messages/:id'),
      'post discord | POST /channels/:id/messages/:id/crosspost sent',
      ...['find slack', 'find discord'].flatMap((find) => [`${find} | begins`, `${find} | ends`]),
      expect.stringMatching(/^record \| before update deliveries/),
      expect.stringMatching(/^record \| sent update deliveries/),
      'record | ends',
    ]),
  );
});

function stepsOfRequest(call: string, request: string): string[] {
  return ['begins', `${request} begins`, `${request} sent`, `${request} answered`, 'ends'].map(
    (step) => `${call} | ${step}`,
  );
}

test('killed at each step, three processes lose, repeat and reorder nothing', () => killAndLook(null), TIMEOUT_MS);

describeWithRedis('with the queue on Redis', () => {
  test(
    'killed at each step, three processes lose, repeat and reorder nothing either',
    async () => {
      redis = await openTestRedis();
      await killAndLook(redis.url);
    },
    TIMEOUT_MS,
  );
});

async function killAndLook(redisUrl: string | null): Promise<void> {
  world = await openStepSenders(redisUrl);
  const { bringPosts, correctTitles } = world;
  const ofDelivery = steps.filter((step) => !OF_EDITS.test(step));
  const ofEdits = steps.filter((step) => OF_EDITS.test(step));
  expect(await killAtEach(world, ofDelivery, bringPosts)).toEqual(ofDelivery.map(killedAt));
  await correctTitles();
  // New posts go first: edits have their time when there are none.
  await world.drain(DRAIN_MS);
  expect(await killAtEach(world, ofEdits, correctTitles)).toEqual(ofEdits.map(killedAt));
  const putOff = await world.drainEdits();
  expect(await world.stop()).toEqual([0, 0, 0]);
  const { brought, corrected } = world.counts();
  const looks = JSON.stringify([...world.looks]);
  process.stderr.write(`killed ${String(steps.length)} times; looks for messages: ${looks}\n`);
  const all = brought * CHANNELS;
  expect({ ...(await readLedger(world)), corrected: world.correctedMessages() + putOff }).toEqual({
    ...{ promised: all, messages: all, missing: 0, repeated: 0, outOfOrder: 0, strange: 0 },
    corrected: corrected * CHANNELS,
  });
}

/** One of the three in turn; another takes its place. */
async function killAtEach(
  senders: StepSenders,
  deadly: readonly string[],
  stir: () => Promise<void>,
): Promise<readonly string[]> {
  const deaths: string[] = [];
  for (const [index, step] of deadly.entries()) {
    deaths.push(await killAt(senders.sender(index), step, stir));
    await senders.replaceOne(index);
  }
  return deaths;
}
