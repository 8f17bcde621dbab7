import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ListenOptions } from '../../../jobs/queue.js';
import type { Ring, StageName } from '../../../jobs/stages.js';
import { createWorkers } from '../../../jobs/worker.js';
import { recordingLog, stagesOver } from '../../support/queue.js';

const CONCURRENCY = { poll: 8, match: 4, deliver: 2, edit: 1 };

describe('workers', () => {
  const { log, lines } = recordingLog();
  let heard: Map<StageName, ListenOptions>;
  let rung: Ring[];
  let stops: number;
  let ring: (ring: Ring) => Promise<void>;

  beforeEach(() => {
    lines.length = 0;
    heard = new Map();
    rung = [];
    stops = 0;
    ring = (each) => {
      rung.push(each);
      return Promise.resolve();
    };
  });

  function start(names: readonly StageName[], runs: Parameters<typeof stagesOver>[1]): () => Promise<void> {
    const queue = {
      ring: (each: Ring) => ring(each),
      listen: (name: StageName, options: ListenOptions) => {
        heard.set(name, options);
        return {
          stop: () => {
            stops += 1;
            return Promise.resolve();
          },
        };
      },
    };
    const workers = createWorkers(queue, stagesOver(new Set(), runs).stages, {
      stages: names,
      concurrency: CONCURRENCY,
      log,
    });
    workers.start();
    return workers.stop;
  }

  test('listen only to the stages this process runs, each at its own concurrency', async () => {
    const stop = start(['poll', 'deliver'], {});
    expect([...heard].map(([name, { concurrency }]) => [name, concurrency])).toEqual([
      ['poll', 8],
      ['deliver', 2],
    ]);
    await stop();
    expect(stops).toBe(2);
  });

  test('a stage that throws is told with its stack, and rings nothing', async () => {
    start(['match'], {
      match: () => {
        throw new TypeError('a bug');
      },
    });
    await expect(heard.get('match')?.run('id-1')).resolves.toBeUndefined();
    expect(rung).toEqual([]);
    expect(lines).toMatchObject([{ level: 'error', event: 'stage.failed', fields: { stage: 'match', id: 'id-1' } }]);
    expect(lines[0]?.fields['error']).toMatch(/TypeError: a bug\n\s+at /);
  });

  test('a ring that fails after the work is done is no failure of the work', async () => {
    ring = () => Promise.reject(new Error('Redis is away'));
    start(['poll'], { poll: () => ({ stage: 'match', ids: ['id-2'] }) });
    await expect(heard.get('poll')?.run('id-1')).resolves.toBeUndefined();
    expect(lines.map(({ level, event }) => [level, event])).toEqual([['debug', 'ring.failed']]);
  });
});
