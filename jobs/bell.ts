/** What we use of a BullMQ queue. */
export interface Bell {
  readonly add: (name: string, data: object, options: JobOptions) => Promise<unknown>;
  readonly addBulk: (jobs: { name: string; data: object; opts: JobOptions }[]) => Promise<unknown>;
  readonly getJobCounts: (...states: ('waiting' | 'active')[]) => Promise<Record<string, number>>;
  readonly close: () => Promise<void>;
  readonly on: (event: 'error', listener: (error: Error) => void) => unknown;
}
interface JobOptions {
  readonly jobId: string;
  readonly attempts: number;
  readonly removeOnComplete: boolean;
  readonly removeOnFail: boolean;
}

export interface StageCounts {
  readonly waiting: number;
  readonly active: number;
}

/** One job for each id. A job is removed once it has run, so that its id can ring again. */
export async function addJobs(bell: Bell, ids: readonly string[]): Promise<void> {
  const jobs = [...new Set(ids)].map((id) => ({
    name: 'ring',
    data: {},
    opts: { jobId: id, attempts: 1, removeOnComplete: true, removeOnFail: true },
  }));
  const [only] = jobs;
  if (!only) return;
  // On PostgreSQL a bulk makes temporary tables: not worth it for one.
  if (jobs.length === 1) await bell.add(only.name, only.data, only.opts);
  else await bell.addBulk(jobs);
}

export async function countsOf(bell: Bell): Promise<StageCounts> {
  const { waiting = 0, active = 0 } = await bell.getJobCounts('waiting', 'active');
  return { waiting, active };
}
