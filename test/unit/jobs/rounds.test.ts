import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createRounds } from '../../../jobs/rounds.js';

const quiet = (): void => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

test('a round that fails is followed by the next, and by none after a stop; trouble is told once, and its end', async () => {
  const failures: unknown[] = [];
  let count = 0;
  const run = () => {
    count += 1;
    return count <= 3 ? Promise.reject(new Error('no database')) : Promise.resolve();
  };
  const tell = (event: string, fields?: { readonly error?: unknown }) => void failures.push([event, fields?.error]);
  const rounds = createRounds({ name: 'chore', everyMs: 1, run, log: { ...log, warn: tell, info: tell } });
  rounds.start();
  while (count < 6) await sleep(1);
  await rounds.stop();
  const atStop = count;
  await sleep(20);
  expect(count).toBe(atStop);
  expect(failures).toStrictEqual([
    ['chore.fails', 'no database'],
    ['chore.works', undefined],
  ]);
});

test('a stop waits for the round under way, and rounds never overlap', async () => {
  let under = 0;
  let most = 0;
  const run = async () => {
    under += 1;
    most = Math.max(most, under);
    await sleep(20);
    under -= 1;
  };
  const rounds = createRounds({ name: 'chore', everyMs: 1, run, log });
  rounds.start();
  await sleep(50);
  await rounds.stop();
  expect([under, most]).toStrictEqual([0, 1]);
});
