import { expect, test } from '@jest/globals';
import { createArrivals } from '../../../src/feeds/arrivals.js';

interface Job {
  readonly name: string;
}

test('work is given out in the order in which it ends, whether or not anybody waits', async () => {
  const arrivals = createArrivals<Job>();
  let endSlow: (job: Job) => void = () => undefined;
  arrivals.add(new Promise((resolve) => (endSlow = resolve)));
  arrivals.add(Promise.resolve({ name: 'quick' }));
  arrivals.add(Promise.resolve({ name: 'next' }));
  expect(arrivals.size()).toBe(3);
  expect((await arrivals.next()).name).toBe('quick');
  expect((await arrivals.next()).name).toBe('next');
  const waited = arrivals.next();
  endSlow({ name: 'slow' });
  expect((await waited).name).toBe('slow');
  expect(arrivals.size()).toBe(0);
});
