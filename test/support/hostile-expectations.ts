import { expect } from '@jest/globals';
import type { HostileDocument } from './hostile-documents.js';
import { heldMs, type HostileResult, type HostileWorld } from './hostile-run.js';

/**
 * Of the main thread's CPU time: on the clock a busy machine's other work would count too. A first run of some code takes
 * longer than any later one, so there is a second try and a third.
 */
const HELD_CPU_MS = 100;
const TRIES = 3;
const PEAK_MB = 700;
/** The limits for a body that does not end are 2 s here. */
const WHOLE_POLL_MS = 15_000;

/** Polls it and checks every promise: it ends as it should, soon, holds up nothing, and the next feed goes on. */
export async function expectHarmless(world: HostileWorld, document: HostileDocument): Promise<HostileResult> {
  let result = await world.poll(document);
  for (let tries = 1; tries < TRIES && heldMs(result) > HELD_CPU_MS; tries += 1) result = await world.poll(document);
  expect(document.ends).toContain(result.end);
  expect(result.again?.end ?? 'read').toBe('read');
  expect(result.next.end).toBe('read');
  expect(heldMs(result)).toBeLessThan(HELD_CPU_MS);
  expect(result.ms).toBeLessThan(WHOLE_POLL_MS);
  expect(result.peakRss).toBeLessThan(PEAK_MB);
  return result;
}

/** One line for each way in which a document was the worst. */
export function worstOf(results: readonly HostileResult[]): string {
  const worst = (label: string, unit: string, of: (result: HostileResult) => number): string => {
    const [most] = [...results].sort((a, b) => of(b) - of(a));
    return most ? `  ${label}: ${of(most).toFixed(0)} ${unit} (${most.name})\n` : '';
  };
  return [
    `${String(results.length)} hostile documents\n`,
    worst('longest poll', 'ms', ({ ms }) => ms),
    worst('event loop held, CPU time', 'ms', heldMs),
    worst('event loop held, on the clock', 'ms', ({ held }) => held.delayMs),
    worst('peak memory', 'MB', ({ peakRss }) => peakRss),
    worst('memory grown by', 'MB', ({ peakRss, rssBefore }) => peakRss - rssBefore),
  ].join('');
}
