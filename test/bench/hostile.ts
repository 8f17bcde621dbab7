import { documentOf, HOSTILE_SHAPES, HOSTILE_TRANSFERS } from '../support/hostile-documents.js';
import { heldMs, openHostileWorld, type HostileResult } from '../support/hostile-run.js';
import { beginRun, endRun } from '../support/test-run.js';
import type { BenchOptions } from './options.js';
import type { BenchReport } from './report.js';

const MB = 1024 * 1024;
/** Read in place; read in the thread; as large as a body may be. */
const SIZES = [60 * 1024, 250 * 1024, 10 * MB - 2_048];

/** Polls every hostile document, through the product's own poll, and says what that cost the process. */
export async function benchHostile({ only }: BenchOptions, progress: (text: string) => void): Promise<BenchReport> {
  await beginRun();
  const world = await openHostileWorld();
  const results: HostileResult[] = [];
  try {
    const shapes = SIZES.flatMap((bytes) => HOSTILE_SHAPES.map((shape) => documentOf(shape, bytes)));
    for (const document of [...shapes, ...HOSTILE_TRANSFERS].filter(({ name }) => name.includes(only))) {
      const result = await world.poll(document);
      results.push(result);
      progress(`${result.name}: ${result.end}, ${result.ms.toFixed(0)} ms`);
    }
  } finally {
    await world.close();
    await endRun();
  }
  return reportOf(results);
}

function reportOf(results: readonly HostileResult[]): BenchReport {
  const worst = [...results].sort((a, b) => heldMs(b) - heldMs(a));
  return {
    name: 'hostile',
    head: [
      'document',
      'bytes on the wire',
      'ms',
      'loop held, CPU ms',
      'on the clock',
      'read again: ms',
      'loop held, CPU ms',
      'MB before',
      'peak MB',
      'came to',
      'good feed, ms',
    ],
    rows: worst.map((result) => [
      result.name,
      result.wireBytes,
      Math.round(result.ms),
      Math.round(result.held.cpuMs),
      Math.round(result.held.delayMs),
      Math.round(result.again?.ms ?? 0),
      Math.round(result.again?.held.cpuMs ?? 0),
      Math.round(result.rssBefore),
      Math.round(result.peakRss),
      result.end,
      `${result.next.end}, ${result.next.ms.toFixed(0)}`,
    ]),
    notes: [
      `Loop held for more than 100 ms of CPU time: ${String(worst.filter((result) => heldMs(result) > 100).length)} of ${String(results.length)}.`,
      `Highest peak: ${Math.max(...results.map(({ peakRss }) => peakRss)).toFixed(0)} MB.`,
    ],
  };
}
