import { kill, pid } from 'node:process';
import { createStepBot } from './step-bot.js';
import { roundOf, type Life } from './step-lives.js';

/** After it was killed, a bot comes back when all leases of its former life have ended. */
const BACK_AFTER_MS = 300_000;

/** Plays one round after the other and kills itself at the step of each, but not in the round that it comes back in. */
const { databaseUrl, worldUrl, from, steps } = JSON.parse(process.argv[2] ?? '') as Life;
let deadly: string | undefined;
const bot = createStepBot({
  databaseUrl,
  worldUrl,
  reached: async (step) => {
    if (step !== deadly) return;
    kill(pid, 'SIGKILL');
    await new Promise(() => undefined);
  },
});
for (let round = from; round < roundOf(steps.length); round += 1) {
  const isBack = round === from && from > 0;
  deadly = isBack ? undefined : steps.find((_, index) => roundOf(index) === round);
  await bot.playRound(round, isBack ? BACK_AFTER_MS : 0);
  if (deadly !== undefined) process.stdout.write(`never reached: ${deadly}\n`);
}
await bot.close();
