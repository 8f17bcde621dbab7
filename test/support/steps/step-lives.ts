import { spawnSource } from '../spawn.js';
import type { StepWorld } from './step-world.js';

/** What a bot that is to be killed is told when it starts. */
export interface Life {
  readonly databaseUrl: string;
  readonly worldUrl: string;
  /** The round it begins with; not 0: it was killed in it. */
  readonly from: number;
  /** One a round. */
  readonly steps: readonly string[];
}

/** In the first round backlogs are stored; in the second, feeds are as they will be in all others. */
export const QUIET_ROUNDS = 2;

/** The round in which a step is deadly. */
export function roundOf(step: number): number {
  return step + QUIET_ROUNDS;
}

const LIFE_MS = 60_000;

/** A death, and what it left half stored. */
export interface Death {
  readonly round: number;
  readonly torn: readonly string[];
}

/** Plays as many rounds as there are steps, killed once in each. */
export async function liveThrough(world: StepWorld, steps: readonly string[]): Promise<Death[]> {
  const deaths: Death[] = [];
  let from = 0;
  for (let life = 0; life <= steps.length; life += 1) {
    const told: Life = { databaseUrl: world.databaseUrl, worldUrl: world.url, from, steps };
    const child = spawnSource('test/support/steps/step-child.ts', { args: [JSON.stringify(told)] });
    const tooLong = setTimeout(() => void child.kill('SIGTERM'), LIFE_MS);
    const code = await child.exited;
    clearTimeout(tooLong);
    if (code !== null || child.lines().length > 0) {
      if (code !== 0 || child.lines().length > 0) throw new Error(child.lines().join('\n'));
      return deaths;
    }
    from = world.round();
    deaths.push({ round: from, torn: await world.torn() });
  }
  throw new Error('killed more often than there are steps');
}
