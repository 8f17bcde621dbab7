import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createWatch, type Watch } from '../../../jobs/outage.js';
import { recordingLog } from '../../support/queue.js';

describe('the watch over the queue’s server', () => {
  const { log, lines } = recordingLog();
  let answers: boolean;
  let watch: Watch;

  beforeEach(() => {
    jest.useFakeTimers();
    lines.length = 0;
    answers = true;
    const probe = (): Promise<unknown> => (answers ? Promise.resolve() : Promise.reject(new Error('ECONNREFUSED')));
    watch = createWatch({ probe, server: 'Redis at 127.0.0.1:6379', log });
  });
  afterEach(() => {
    watch.stop();
    jest.useRealTimers();
  });

  async function errorsFor(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 100) {
      watch.suspect(new Error('ECONNRESET'));
      await jest.advanceTimersByTimeAsync(100);
    }
  }

  test('says once that the server is away, with what it means, and once that it is back', async () => {
    answers = false;
    await errorsFor(30_000);
    expect(watch.isAway()).toBe(true);
    answers = true;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(watch.isAway()).toBe(false);
    expect(lines).toEqual([
      {
        level: 'warn',
        event: 'queue.away',
        fields: {
          server: 'Redis at 127.0.0.1:6379',
          error: 'ECONNREFUSED',
          detail: 'Redis at 127.0.0.1:6379 does not answer. Posts wait in the database; trying again.',
        },
      },
      { level: 'info', event: 'queue.back', fields: { server: 'Redis at 127.0.0.1:6379' } },
    ]);
  });

  test('an error of a server that answers is no outage, and is told once a minute at most', async () => {
    await errorsFor(59_000);
    expect(lines.map(({ level, event }) => [level, event])).toEqual([['warn', 'queue.error']]);
    await errorsFor(2_000);
    expect(lines).toHaveLength(2);
  });

  test('is silent once stopped', async () => {
    answers = false;
    await errorsFor(1_000);
    watch.stop();
    answers = true;
    await errorsFor(5_000);
    expect(lines).toHaveLength(1);
  });
});
