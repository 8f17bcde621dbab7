import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createQueue, type Queue } from '../../jobs/queue.js';
import type { Stage, StageName } from '../../jobs/stages.js';
import { createSweep } from '../../jobs/sweep.js';
import { createWorkers, type Workers } from '../../jobs/worker.js';
import { NOTHING, recordingLog, stagesOver, until } from '../support/queue.js';

export interface QueueServer {
  readonly redisUrl: string | null;
  readonly databaseUrl: string;
  readonly drop: () => Promise<void>;
}

const NAMES: readonly StageName[] = ['poll', 'match', 'deliver', 'edit'];
const CONCURRENCY: Record<StageName, number> = { poll: 4, match: 4, deliver: 4, edit: 4 };

/** What every queue promises, whatever keeps its jobs. */
export function queueContract(name: string, open: () => Promise<QueueServer>): void {
  describe(`queue on ${name}`, () => {
    let server: QueueServer;
    let prefix: string;
    let queue: Queue;
    const { log, lines } = recordingLog();
    const stops: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      server = await open();
    }, 30_000);
    afterAll(async () => {
      await server.drop();
    });
    beforeEach(async () => {
      prefix = `t${randomUUID()}`;
      lines.length = 0;
      queue = await startQueue();
    });
    afterEach(async () => {
      for (const stop of stops.splice(0).reverse()) await stop();
    }, 20_000);

    async function startQueue(lockMs = 60_000): Promise<Queue> {
      const { redisUrl, databaseUrl } = server;
      const started = createQueue({ redisUrl, databaseUrl, prefix, log, lockMs });
      stops.push(started.stop);
      await started.start();
      return started;
    }

    function work(stages: Record<StageName, Stage>, of: Queue = queue): Workers {
      const workers = createWorkers(of, stages, { stages: NAMES, concurrency: CONCURRENCY, log });
      stops.push(workers.stop);
      workers.start();
      return workers;
    }

    function ids(count: number): string[] {
      return Array.from({ length: count }, () => randomUUID());
    }

    async function empty(): Promise<boolean> {
      const counts = Object.values(await queue.counts());
      return counts.every(({ waiting, active }) => waiting + active === 0);
    }

    test('a rung id is run once', async () => {
      const [id] = ids(1) as [string];
      const { stages, ran } = stagesOver(new Set(), {});
      work(stages);
      await queue.ring({ stage: 'deliver', ids: [id] });
      await until('it ran', () => ran.length > 0);
      await until('nothing is left', empty);
      expect(ran).toEqual([id]);
    });

    test('an id rung many times while it waits runs once', async () => {
      const [id, other] = ids(2) as [string, string];
      const { stages, ran } = stagesOver(new Set(), {});
      await queue.ring({ stage: 'match', ids: [id] });
      await queue.ring({ stage: 'match', ids: [id, id, other] });
      await queue.ring({ stage: 'match', ids: [id] });
      expect((await queue.counts()).match).toEqual({ waiting: 2, active: 0 });
      work(stages);
      await until('nothing is left', empty);
      expect(ran).toEqual([id, other]);
    });

    test('an id that has run can ring again', async () => {
      const [id] = ids(1) as [string];
      const { stages, ran } = stagesOver(new Set(), {});
      work(stages);
      await queue.ring({ stage: 'poll', ids: [id] });
      await until('it ran and was removed', async () => ran.length === 1 && (await empty()));
      await queue.ring({ stage: 'poll', ids: [id] });
      await until('it ran again', () => ran.length === 2);
    });

    test('a ring while the id runs is dropped, and the sweep rings again', async () => {
      const [id] = ids(1) as [string];
      const due = new Set([id]);
      let finish = (): void => undefined;
      const gate = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const { stages, ran } = stagesOver(due, { deliver: () => gate.then(() => NOTHING) });
      work(stages);
      await queue.ring({ stage: 'deliver', ids: [id] });
      await until('it runs', () => ran.length === 1);
      await queue.ring({ stage: 'deliver', ids: [id] });
      expect((await queue.counts()).deliver).toEqual({ waiting: 0, active: 1 });
      finish();
      await until('it ended', empty);
      expect(ran).toEqual([id]);

      due.add(id);
      await createSweep({ stages, queue, names: NAMES, log }).sweepOnce();
      await until('it ran again', () => ran.length === 2);
    });

    test('what a stage returns is rung in the next stage', async () => {
      const [feed, sighting, delivery] = ids(3) as [string, string, string];
      const seen: string[] = [];
      const { stages } = stagesOver(new Set(), {
        poll: () => ({ stage: 'match', ids: [sighting] }),
        match: () => ({ stage: 'deliver', ids: [delivery] }),
        deliver: (id) => {
          seen.push(id);
          return NOTHING;
        },
      });
      work(stages);
      await queue.ring({ stage: 'poll', ids: [feed] });
      await until('the delivery ran', () => seen.length > 0);
      expect(seen).toEqual([delivery]);
    });

    test('a run that throws is told once, stops no other, and is rung again by the sweep', async () => {
      const [bad, ...good] = ids(6) as [string, ...string[]];
      const due = new Set([bad, ...good]);
      let broken = true;
      const { stages, ran } = stagesOver(due, {
        deliver: (id) => {
          if (id === bad && broken) throw new Error('a bug');
          return NOTHING;
        },
      });
      const sweep = createSweep({ stages, queue, names: NAMES, log });
      work(stages);
      await sweep.sweepOnce();
      await until('the others ran', async () => due.size === 1 && (await empty()));
      expect(ran).toHaveLength(6);
      const told = lines.filter(({ event }) => event === 'stage.failed');
      expect(told).toHaveLength(1);
      expect(told[0]?.fields['error']).toMatch(/a bug\n\s+at /);

      broken = false;
      await sweep.sweepOnce();
      await until('it ran at last', () => due.size === 0);
    });

    test('counts tell what waits and what runs', async () => {
      let finish = (): void => undefined;
      const gate = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const { stages, ran } = stagesOver(new Set(), { deliver: () => gate.then(() => NOTHING) });
      await queue.ring({ stage: 'deliver', ids: ids(10) });
      work(stages);
      await until('four run', () => ran.length === 4);
      expect(await queue.counts()).toEqual({
        poll: { waiting: 0, active: 0 },
        match: { waiting: 0, active: 0 },
        deliver: { waiting: 6, active: 4 },
        edit: { waiting: 0, active: 0 },
      });
      finish();
      await until('nothing is left', empty);
    });

    test('stop lets what runs end, and nothing runs after', async () => {
      const ended: string[] = [];
      const { stages, ran } = stagesOver(new Set(), {
        deliver: async (id) => {
          await sleep(300);
          ended.push(id);
          return NOTHING;
        },
      });
      const other = await startQueue();
      work(stages, other);
      await queue.ring({ stage: 'deliver', ids: ids(20) });
      await until('some run', () => ran.length > 0);
      await other.stop();
      await other.stop();
      expect(ended).toHaveLength(ran.length);
      expect(ran.length).toBeLessThan(20);
      const ranByThen = ran.length;
      await sleep(400);
      expect(ran).toHaveLength(ranByThen);
      expect((await queue.counts()).deliver).toEqual({ waiting: 20 - ranByThen, active: 0 });
      await expect(other.ring({ stage: 'deliver', ids: ids(1) })).rejects.toThrow('not started');
    });

    test('the workers of two instances share the work and run no waiting job twice', async () => {
      const all = ids(200);
      const rest = async (): Promise<typeof NOTHING> => {
        await sleep(2);
        return NOTHING;
      };
      const one = stagesOver(new Set(), { deliver: rest });
      const two = stagesOver(new Set(), { deliver: rest });
      work(one.stages);
      work(two.stages, await startQueue());
      await queue.ring({ stage: 'deliver', ids: all });
      await until('all ran', () => one.ran.length + two.ran.length >= 200);
      await until('nothing is left', empty);
      expect([...one.ran, ...two.ran].sort((a, b) => a.localeCompare(b))).toEqual(
        [...all].sort((a, b) => a.localeCompare(b)),
      );
      expect(Math.min(one.ran.length, two.ran.length)).toBeGreaterThan(20);
    });

    test('a thousand ids rung at once all run', async () => {
      const all = ids(1_000);
      const { stages, ran } = stagesOver(new Set(), {});
      work(stages);
      await queue.ring({ stage: 'deliver', ids: all });
      await until('all ran', () => ran.length >= 1_000);
      await until('nothing is left', empty);
      expect(new Set(ran)).toEqual(new Set(all));
      expect(ran).toHaveLength(1_000);
    });

    test('a worker that waits is woken by the ring, not by a timer', async () => {
      const [first, ...later] = ids(21) as [string, ...string[]];
      const { stages, ran } = stagesOver(new Set(), {});
      work(stages);
      await queue.ring({ stage: 'deliver', ids: [first] });
      await until('the worker is warm', () => ran.length === 1);
      const waits: number[] = [];
      for (const id of later) {
        await sleep(20);
        const rungAt = performance.now();
        await queue.ring({ stage: 'deliver', ids: [id] });
        await until('it ran', () => ran.includes(id));
        waits.push(performance.now() - rungAt);
      }
      waits.sort((a, b) => a - b);
      expect(waits[10]).toBeLessThan(250);
    });

    test('queues that start at the same time do not disturb each other', async () => {
      const queues = await Promise.all([startQueue(), startQueue(), startQueue()]);
      const [id] = ids(1) as [string];
      await Promise.all(queues.map((each) => each.ring({ stage: 'poll', ids: [id] })));
      expect((await queue.counts()).poll).toEqual({ waiting: 1, active: 0 });
    });
  });
}
