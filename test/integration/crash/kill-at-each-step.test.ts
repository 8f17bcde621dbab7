import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createStepBot } from '../../support/steps/step-bot.js';
import { liveThrough, QUIET_ROUNDS, roundOf } from '../../support/steps/step-lives.js';
import { openStepWorld, type Announced, type StepWorld } from '../../support/steps/step-world.js';

/** Bots that live side by side, each killed at its share of the steps. */
const BOTS = 2;
const TIMEOUT_MS = 600_000;
const open: StepWorld[] = [];
let steps: readonly string[];
let undisturbed: readonly Announced[];

beforeAll(async () => {
  const world = await openWorld();
  const seen = new Set<string>();
  const bot = createStepBot({
    databaseUrl: world.databaseUrl,
    worldUrl: world.url,
    reached: (step) => {
      if (world.round() === QUIET_ROUNDS) seen.add(step);
      return Promise.resolve();
    },
  });
  for (let round = 0; round <= QUIET_ROUNDS; round += 1) await bot.playRound(round, 0);
  steps = [...seen].filter(isWorthAKill);
  for (let round = QUIET_ROUNDS + 1; round < roundOf(sharesOf(steps)[0]?.length ?? 0); round += 1) {
    await bot.playRound(round, 0);
  }
  undisturbed = world.announced;
  await bot.close();
}, TIMEOUT_MS);
afterAll(() => Promise.all(open.map((world) => world.close())));

async function openWorld(): Promise<StepWorld> {
  const world = await openStepWorld();
  open.push(world);
  return world;
}

/** After a look that found nothing, or that only reads, nothing is other than before the next step. */
const CHANGES_NOTHING = /claimDue .*, again$|\| (?:due|window|unmatched|reachableFrom) \| ends/;

/** All of the first poll, match and message; of the others only what they store, since only that differs. */
function isWorthAKill(step: string): boolean {
  return (step.includes(' 1 | ') || step.includes(' | save')) && !CHANGES_NOTHING.test(step);
}

function sharesOf(all: readonly string[]): string[][] {
  return Array.from({ length: BOTS }, (_, share) => all.filter((_step, index) => index % BOTS === share));
}

test('undisturbed, every article is told once to each channel that follows it', () => {
  const lastRound = roundOf((sharesOf(steps)[0]?.length ?? 0) - 1);
  const names = Array.from({ length: lastRound }, (_, index) => {
    const round = String(index + 1);
    const late = `routre late-${String(index)}-${round}-0`;
    const [first, second] = [`routre edited-${round}-0`, `routre edited-${round}-1`];
    const own = `routre rebuilt-${round}-2`;
    return { all: [first, second, own, late], rebuilt: [first, own] };
  });
  const told = names.map((_, index) => toldIn(undisturbed, index + 1));
  expect(told).toEqual(names);
  // A backlog is no news.
  expect(toldIn(undisturbed, 0)).toEqual({ all: [], rebuilt: [] });
});

test('the steps are those of all that the bot does', () => {
  const places = ['claimDue', 'fetch', 'window', 'parse', 'saveDocument', 'saveOutcome', 'savePlan', 'post', 'record'];
  expect([...new Set(steps.map((step) => step.split(' | ')[1]))]).toEqual(expect.arrayContaining(places));
});

test(
  'killed at any step, the bot leaves no poll half stored, and tells what it would have told, once and in order',
  async () => {
    const lives = sharesOf(steps).map(async (share) => {
      const world = await openWorld();
      const deaths = await liveThrough(world, share);
      expect(deaths.map(({ round }) => round)).toEqual(share.map((_, index) => roundOf(index)));
      return share.map((step, index) => outcomeOf(step, roundOf(index), world.announced, deaths[index]?.torn));
    });
    const told = (await Promise.all(lives)).flat();
    const expected = sharesOf(steps).flatMap((share) =>
      share.map((step, index) => outcomeOf(step, roundOf(index), undisturbed, [])),
    );
    expect(told).toEqual(expected);
  },
  TIMEOUT_MS,
);

/** One line, so that a difference shows whose it is. */
function outcomeOf(step: string, round: number, announced: readonly Announced[], torn: readonly string[] = []): string {
  return `${step}: ${JSON.stringify({ ...toldIn(announced, round), torn })}`;
}

/** The ends of the titles that each channel heard, in the order of arrival. */
function toldIn(announced: readonly Announced[], round: number): Record<'all' | 'rebuilt', string[]> {
  const inChannel = (name: string) =>
    announced
      .filter((one) => one.round === round && one.channel === `console:${name}`)
      .map(({ title }) => title.split(' ').slice(-2).join(' '));
  return { all: inChannel('all'), rebuilt: inChannel('rebuilt') };
}
