import { expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { createQueue } from '../../src/turns.js';

test('work in a queue is done one after the other, and what fails holds up nothing', async () => {
  const queue = createQueue();
  const steps: string[] = [];
  const work = (name: string, error?: Error) => async (): Promise<string> => {
    steps.push(`${name} begins`);
    await turn();
    steps.push(`${name} ends`);
    if (error) throw error;
    return name;
  };
  const results = await Promise.allSettled([queue(work('a')), queue(work('b', new Error('no b'))), queue(work('c'))]);
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(results).toMatchObject([{ value: 'a' }, { reason: { message: 'no b' } }, { value: 'c' }]);
});
