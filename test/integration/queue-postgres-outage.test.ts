import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createQueue, type Queue } from '../../jobs/queue.js';
import type { StageName } from '../../jobs/stages.js';
import { createSweep } from '../../jobs/sweep.js';
import { createWorkers } from '../../jobs/worker.js';
import { ConfigError } from '../../src/errors.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { NOTHING, recordingLog, stagesOver, until } from '../support/queue.js';
import { freePort } from '../support/redis-server.js';

const NAMES: readonly StageName[] = ['poll', 'match', 'deliver', 'edit'];
const CONCURRENCY: Record<StageName, number> = { poll: 2, match: 2, deliver: 4, edit: 2 };

describe('a queue whose PostgreSQL fails', () => {
  const { log, lines } = recordingLog();
  let database: TestDatabase;
  let due: Set<string>;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });
  beforeEach(() => {
    lines.length = 0;
    due = new Set();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  function queueAt(databaseUrl: string): Queue {
    const queue = createQueue({ redisUrl: null, databaseUrl, prefix: 'outage', log });
    stops.push(queue.stop);
    return queue;
  }

  async function startProcess(): Promise<Queue> {
    const queue = queueAt(database.url);
    await queue.start();
    const { stages } = stagesOver(due, {
      deliver: async () => {
        await sleep(5);
        return NOTHING;
      },
    });
    const workers = createWorkers(queue, stages, { stages: NAMES, concurrency: CONCURRENCY, log });
    workers.start();
    stops.push(workers.stop);
    const sweep = createSweep({ stages, queue, names: NAMES, everyMs: 200, log });
    sweep.start();
    stops.push(sweep.stop);
    return queue;
  }

  function makeDue(count: number): string[] {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids) due.add(id);
    return ids;
  }

  /** Ends every connection of the queue, as a restart of the server does. */
  async function hangUpOnQueue(): Promise<void> {
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
  }

  test('does not start without it, and one line says what to do and keeps the password', async () => {
    const port = String(await freePort());
    await expect(queueAt(`postgres://bot:hunter2@127.0.0.1:${port}/tidings`).start()).rejects.toThrow(
      new ConfigError([
        `DATABASE_URL=postgres://127.0.0.1:${port}/tidings does not answer (ECONNREFUSED): ` +
          'start PostgreSQL or correct DATABASE_URL.',
      ]),
    );
  });

  test('loses nothing when all its connections end, and is woken by rings afterwards', async () => {
    const queue = await startProcess();
    await queue.ring({ stage: 'deliver', ids: makeDue(100) });
    await until('some have run', () => due.size < 90);
    await hangUpOnQueue();
    // What ran at that moment is locked for a minute; everything else goes on.
    await until('the rest has run', () => due.size <= CONCURRENCY.deliver, 15_000);
    await hangUpOnQueue();
    await sleep(1_500);
    const [id] = makeDue(1) as [string];
    const rungAt = Date.now();
    await queue.ring({ stage: 'deliver', ids: [id] });
    await until('a new one has run', () => !due.has(id));
    expect(Date.now() - rungAt).toBeLessThan(1_500);
    expect(lines.filter(({ event }) => event === 'queue.away' || event === 'queue.error').length).toBeLessThan(3);
    expect(lines.filter(({ event }) => event === 'stage.failed')).toEqual([]);
  });
});
