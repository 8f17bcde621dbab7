import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createQueue, type Queue } from '../../jobs/queue.js';
import type { Ring, StageName } from '../../jobs/stages.js';
import { createSweep } from '../../jobs/sweep.js';
import { createWorkers } from '../../jobs/worker.js';
import { ConfigError } from '../../src/errors.js';
import { NOTHING, recordingLog, stagesOver, until } from '../support/queue.js';
import { describeWithRedisServer } from '../support/redis.js';
import { freePort, startRedisServer, type RedisServer } from '../support/redis-server.js';

const NAMES: readonly StageName[] = ['poll', 'match', 'deliver', 'edit'];
const CONCURRENCY: Record<StageName, number> = { poll: 2, match: 2, deliver: 4, edit: 2 };

describeWithRedisServer('a queue whose Redis fails', () => {
  const { log, lines } = recordingLog();
  let redis: RedisServer;
  let due: Set<string>;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    redis = await startRedisServer();
  });
  afterAll(async () => {
    await redis.drop();
  });
  beforeEach(() => {
    lines.length = 0;
    due = new Set();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  function queueAt(redisUrl: string, lockMs = 60_000): Queue {
    const queue = createQueue({ redisUrl, databaseUrl: 'postgres://unused.invalid/', prefix: 'outage', log, lockMs });
    stops.push(queue.stop);
    return queue;
  }

  /** A queue, its workers and a sweep, as a process has them. */
  async function startProcess(run: (id: string) => Promise<Ring>, lockMs?: number): Promise<Queue> {
    const queue = queueAt(redis.url, lockMs);
    await queue.start();
    const { stages } = stagesOver(due, { deliver: run });
    const workers = createWorkers(queue, stages, { stages: NAMES, concurrency: CONCURRENCY, log });
    workers.start();
    stops.push(workers.stop);
    const sweep = createSweep({ stages, queue, names: NAMES, everyMs: 200, log });
    sweep.start();
    stops.push(sweep.stop);
    return queue;
  }

  async function quickly(): Promise<Ring> {
    await sleep(5);
    return NOTHING;
  }

  function makeDue(count: number): string[] {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids) due.add(id);
    return ids;
  }

  function eventsOf(...names: string[]): string[] {
    return lines.map(({ event }) => event).filter((event) => names.includes(event));
  }

  async function admin(run: (client: Redis) => Promise<unknown>): Promise<void> {
    const client = new Redis(redis.url);
    await run(client);
    client.disconnect();
  }

  test('does not start without it, and one line says what to do and keeps the password', async () => {
    const port = String(await freePort());
    const startedAt = Date.now();
    const error: unknown = await queueAt(`redis://bot:hunter2@127.0.0.1:${port}/3`)
      .start()
      .catch((caught: unknown) => caught);
    expect(Date.now() - startedAt).toBeLessThan(5_500);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      problems: [
        `REDIS_URL=redis://127.0.0.1:${port}/3 does not answer (ECONNREFUSED): ` +
          'start Redis, correct REDIS_URL, or unset it to use PostgreSQL as the queue.',
      ],
    });
  });

  test('does not start with a wrong password, and says so', async () => {
    await admin((client) => client.config('SET', 'requirepass', 'secret'));
    const url = redis.url.replace('redis://', 'redis://:hunter2@');
    const error: unknown = await queueAt(url)
      .start()
      .catch((caught: unknown) => caught);
    await redis.kill();
    await redis.start();
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain('WRONGPASS');
    expect(String(error)).not.toMatch(/hunter2|secret/);
  });

  test('warns when Redis may drop keys', async () => {
    await admin((client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    await queueAt(redis.url).start();
    await admin((client) => client.config('SET', 'maxmemory-policy', 'noeviction'));
    expect(lines).toMatchObject([{ level: 'warn', event: 'queue.eviction', fields: { policy: 'allkeys-lru' } }]);
    lines.length = 0;
    await queueAt(redis.url).start();
    expect(lines).toEqual([]);
  });

  test('FLUSHALL and SCRIPT FLUSH in the middle lose nothing', async () => {
    const queue = await startProcess(quickly);
    await queue.ring({ stage: 'deliver', ids: makeDue(400) });
    await until('some have run', () => due.size < 350);
    await admin((client) => client.flushall().then(() => client.script('FLUSH')));
    expect(due.size).toBeGreaterThan(100);
    await until('all have run', () => due.size === 0);
    // The workers wait on keys that are gone: a new ring must still wake them at once.
    const rungAt = Date.now();
    await queue.ring({ stage: 'deliver', ids: makeDue(1) });
    await until('a new one has run', () => due.size === 0);
    expect(Date.now() - rungAt).toBeLessThan(1_000);
    expect(eventsOf('stage.failed', 'queue.away', 'sweep.fails')).toEqual([]);
  });

  test('killed and started again, it loses nothing and is told once', async () => {
    const queue = await startProcess(quickly);
    await queue.ring({ stage: 'deliver', ids: makeDue(400) });
    await until('some have run', () => due.size < 350);
    await redis.kill();
    const killedAt = Date.now();
    await expect(queue.ring({ stage: 'deliver', ids: makeDue(2) })).rejects.toThrow();
    expect(Date.now() - killedAt).toBeLessThan(500);
    const left = due.size;
    expect(left).toBeGreaterThan(100);
    await sleep(1_500);
    expect(due.size).toBeGreaterThan(left - 10);
    await redis.start();
    await until('all have run', () => due.size === 0);
    await until('it is told', () => eventsOf('queue.back').length > 0);
    expect(eventsOf('queue.away', 'queue.back')).toEqual(['queue.away', 'queue.back']);
    expect(eventsOf('sweep.fails', 'sweep.works')).toEqual(['sweep.fails', 'sweep.works']);
    expect(lines.find(({ event }) => event === 'queue.away')?.fields['detail']).toBe(
      `Redis at ${new URL(redis.url).host} does not answer. Posts wait in the database; trying again.`,
    );
  });

  test('silent but connected, it delays a ring by seconds at most, and goes on when it answers', async () => {
    const queue = await startProcess(quickly);
    redis.pause();
    const rungAt = Date.now();
    await expect(queue.ring({ stage: 'deliver', ids: makeDue(3) })).rejects.toThrow('timed out');
    expect(Date.now() - rungAt).toBeLessThan(7_000);
    redis.resume();
    await until('all have run', () => due.size === 0);
  });

  test('stops within seconds while it is away, after what runs has ended', async () => {
    let ended = 0;
    const queue = await startProcess(async () => {
      await sleep(1_000);
      ended += 1;
      return NOTHING;
    });
    await queue.ring({ stage: 'deliver', ids: makeDue(4) });
    await until('they run', async () => (await queue.counts()).deliver.active === 4);
    await redis.kill();
    await until('it is told', () => eventsOf('queue.away').length > 0);
    const stoppedAt = Date.now();
    await queue.stop();
    expect(Date.now() - stoppedAt).toBeLessThan(5_000);
    expect(ended).toBe(4);
    await redis.start();
  });

  test('a job whose process died is taken up by another once its lock has ended', async () => {
    const ids = makeDue(1);
    const hung = await startProcess(() => new Promise(() => undefined), 400);
    await until('it runs', async () => (await hung.counts()).deliver.active === 1);
    const stoppedAt = Date.now();
    await hung.stop();
    expect(Date.now() - stoppedAt).toBeLessThan(11_000);
    expect(due).toEqual(new Set(ids));
    await startProcess(quickly, 400);
    await until('another has run it', () => due.size === 0);
  });
});
