import { forgetPeak, peakRssMb } from '../support/process-memory.js';
import type { BenchOptions } from './options.js';
import { startOrigin } from './origin.js';
import { startProduct } from './product.js';
import type { BenchReport } from './report.js';

const SMALL = 1_000;
const LARGE = 10_000;
/** Half of what feeds usually hold: ten thousand first polls store 200,000 posts. */
const ENTRIES_PER_FEED = 20;
const CHANGED = 0.2;

/** The most memory that the product's process takes while it polls many feeds: first polls, then later ones. */
export async function benchMemory(options: BenchOptions, progress: (text: string) => void): Promise<BenchReport> {
  const large = options.feeds ?? LARGE;
  const rows = [];
  for (const feeds of [Math.min(SMALL, large), large]) {
    progress(`${String(feeds)} feeds.`);
    rows.push(await measure(feeds, options));
  }
  const [small, most] = rows;
  const growth = (most?.later ?? 0) - (small?.later ?? 0);
  return {
    name: 'memory',
    head: ['feeds', 'peak MB, first polls', 'peak MB, later polls', 'later polls /s'],
    rows: rows.map(({ feeds, first, later, perSecond }) => [feeds, first, later, perSecond]),
    notes: [
      `Resident size of the product's process; ${String(CHANGED * 100)} % of the later polls brought a new entry.`,
      `From ${String(small?.feeds)} to ${String(most?.feeds)} feeds: ${growth.toFixed(0)} MB more.`,
    ],
  };
}

interface Measured {
  readonly feeds: number;
  readonly first: number;
  readonly later: number;
  readonly perSecond: number;
}

async function measure(feeds: number, options: BenchOptions): Promise<Measured> {
  const origin = await startOrigin({ ...options, feeds, entriesPerFeed: ENTRIES_PER_FEED });
  try {
    const product = await startProduct(origin, options);
    try {
      const first = Math.round(await peakRssMb(product.pid));
      await forgetPeak(product.pid);
      let ms = 0;
      for (let round = 0; round < options.rounds; round += 1) {
        await origin.publish(CHANGED);
        ms += await product.pollAll();
      }
      const later = Math.round(await peakRssMb(product.pid));
      return { feeds, first, later, perSecond: Math.round((feeds * options.rounds * 1_000) / ms) };
    } finally {
      await product.close();
    }
  } finally {
    await origin.close();
  }
}
