import type { Watch } from './outage.js';
import { within } from './within.js';

const DRAIN_MS = 8_000;
const CLOSE_MS = 1_000;

export interface Listener {
  /** Takes nothing more and lets what runs end, for 8 s at most. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

/** What we ask of a BullMQ worker. */
export interface Work {
  readonly run: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly on: (event: 'error', listener: (error: Error) => void) => unknown;
}
export interface Hired {
  readonly work: Work;
  /** Ends what keeps `close` waiting when the server does not answer. */
  readonly abandon: () => Promise<void>;
}
export type Take = (job: { readonly id?: string | undefined }) => Promise<void>;

export interface ListenerParts {
  readonly hire: (take: Take) => Hired;
  readonly run: (id: string) => Promise<void>;
  readonly watch: Watch;
}

/** One worker of one stage, told of its jobs' ids only. */
export function createListener({ hire, run, watch }: ListenerParts): Listener {
  const running = new Set<Promise<void>>();
  const { work, abandon } = hire(async ({ id }) => {
    if (id === undefined) return;
    const job = run(id);
    running.add(job);
    await job.finally(() => running.delete(job));
  });
  work.on('error', watch.suspect);
  work.run().catch(watch.suspect);

  const stop = async (): Promise<void> => {
    const closed = work.close();
    // With the server away the worker cannot close, but what runs can still end.
    await within(DRAIN_MS, watch.isAway() ? Promise.all(running) : closed);
    if (!(await within(CLOSE_MS, closed))) await within(CLOSE_MS, abandon());
  };
  let stopped: Promise<void> | undefined;
  return { stop: () => (stopped ??= stop()) };
}
