import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createSweep, type Sweep } from '../../../jobs/sweep.js';
import type { Ring, StageName } from '../../../jobs/stages.js';
import { recordingLog } from '../../support/queue.js';

const NAMES: readonly StageName[] = ['poll', 'match', 'deliver'];

describe('the sweep', () => {
  const { log, lines } = recordingLog();
  let rung: Ring[];
  let dueOf: Record<StageName, (limit: number) => Promise<readonly string[]>>;
  let ring: (ring: Ring) => Promise<void>;
  let sweep: Sweep;

  beforeEach(() => {
    jest.useFakeTimers();
    lines.length = 0;
    rung = [];
    const none = (): Promise<readonly string[]> => Promise.resolve([]);
    dueOf = { poll: none, match: none, deliver: none, edit: none };
    ring = (each) => {
      rung.push(each);
      return Promise.resolve();
    };
    sweep = createSweep({
      stages: {
        poll: { due: (limit) => dueOf.poll(limit) },
        match: { due: (limit) => dueOf.match(limit) },
        deliver: { due: (limit) => dueOf.deliver(limit) },
        edit: { due: (limit) => dueOf.edit(limit) },
      },
      queue: { ring: (each) => ring(each) },
      names: NAMES,
      log,
    });
  });
  afterEach(async () => {
    await sweep.stop();
    jest.useRealTimers();
  });

  test('rings for what each stage says is due, and is silent about the others', async () => {
    dueOf.poll = () => Promise.resolve(['a', 'b']);
    dueOf.deliver = () => Promise.resolve(['c']);
    await sweep.sweepOnce();
    expect(rung).toEqual([
      { stage: 'poll', ids: ['a', 'b'] },
      { stage: 'deliver', ids: ['c'] },
    ]);
  });

  test('begins at once and then every two seconds, until it is stopped', async () => {
    dueOf.poll = () => Promise.resolve(['a']);
    sweep.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(rung).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(rung).toHaveLength(3);
    await sweep.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(rung).toHaveLength(3);
  });

  test('never overlaps itself, however slow the database and whoever asks', async () => {
    let sweeping = 0;
    let most = 0;
    dueOf.poll = async () => {
      sweeping += 1;
      most = Math.max(most, sweeping);
      await new Promise((resolve) => setTimeout(resolve, 7_000));
      sweeping -= 1;
      return ['a'];
    };
    sweep.start();
    const asked = [sweep.sweepOnce(), sweep.sweepOnce()];
    await jest.advanceTimersByTimeAsync(30_000);
    await Promise.all(asked);
    expect(most).toBe(1);
    const stopping = sweep.stop();
    await jest.advanceTimersByTimeAsync(7_000);
    await stopping;
    expect(sweeping).toBe(0);
  });

  test('goes on to the other stages when one fails, and says what failed', async () => {
    dueOf.poll = () => Promise.reject(new Error('connection lost'));
    dueOf.deliver = () => Promise.resolve(['c']);
    await expect(sweep.sweepOnce()).rejects.toThrow('connection lost');
    expect(rung).toEqual([{ stage: 'deliver', ids: ['c'] }]);
  });

  test('an outage is one line when it starts and one when it is over', async () => {
    dueOf.match = () => Promise.resolve(['b']);
    ring = () => Promise.reject(new Error('no answer'));
    sweep.start();
    await jest.advanceTimersByTimeAsync(20_000);
    expect(lines.map(({ level, event }) => [level, event])).toEqual([['warn', 'sweep.fails']]);
    ring = () => Promise.resolve();
    await jest.advanceTimersByTimeAsync(20_000);
    expect(lines.map(({ level, event }) => [level, event])).toEqual([
      ['warn', 'sweep.fails'],
      ['info', 'sweep.works'],
    ]);
  });
});
