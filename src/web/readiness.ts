import { setTimeout } from 'node:timers/promises';

/** Each resolves when its part answers. What it resolves to, or why it rejects, is not shown. */
export type Checks = Readonly<Record<'database' | 'queue', () => Promise<unknown>>>;

const CHECK_TIMEOUT_MS = 2_000;

/** Which parts answered in time. */
export async function checkAll(checks: Checks): Promise<Record<keyof Checks, boolean>> {
  const [database, queue] = await Promise.all([answers(checks.database), answers(checks.queue)]);
  return { database, queue };
}

async function answers(check: () => Promise<unknown>): Promise<boolean> {
  const stop = new AbortController();
  const late = setTimeout(CHECK_TIMEOUT_MS, false, { signal: stop.signal });
  const answer = check().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]).finally(() => {
    stop.abort();
  });
}
