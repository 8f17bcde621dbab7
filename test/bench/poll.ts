import { createCaller } from '../support/child-calls.js';
import { spawnSource } from '../support/spawn.js';
import type { BareCall } from './bare-loop-child.js';
import { cpuMs } from './cpu.js';
import type { BenchOptions } from './options.js';
import { startOrigin, type Origin } from './origin.js';
import { startProduct, type Product } from './product.js';
import type { BenchReport } from './report.js';

const FEEDS = 2_000;

interface Round {
  /** Share of the feeds that have a new entry, 0 to 1. */
  readonly share: number;
  readonly bareMs: number;
  readonly productMs: number;
  /** Without the wait until the product notices that feeds are due. */
  readonly workingMs: number;
  readonly posts: number;
  /** Milliseconds of CPU time. */
  readonly cpu: { readonly bare: number; readonly node: number; readonly postgres: number };
  readonly unconditional: number;
}

/**
 * Polls per second of the whole product (HTTP, parsing, one durable commit, the next time to poll) against those of a
 * bare loop that asks for the same documents in the same run.
 */
export async function benchPoll(options: BenchOptions, progress: (text: string) => void): Promise<BenchReport> {
  const feeds = options.feeds ?? FEEDS;
  const origin = await startOrigin({ ...options, feeds });
  const bare = spawnSource('test/bench/bare-loop-child.ts');
  try {
    await bare.line(/^ready$/);
    const ask = createCaller<BareCall, number>(bare);
    const bareMs = (): Promise<number> => ask({ urls: origin.urls, atOnce: options.atOnce });
    await bareMs();
    progress(`First polls of ${String(feeds)} feeds.`);
    const product = await startProduct(origin, options);
    try {
      const rounds = await playRounds({ origin, product, bareMs, barePid: bare.pid }, options, progress);
      return reportOf(rounds, feeds, options);
    } finally {
      await product.close();
    }
  } finally {
    await bare.kill('SIGKILL');
    await origin.close();
  }
}

interface Parts {
  readonly origin: Origin;
  readonly product: Product;
  readonly bareMs: () => Promise<number>;
  readonly barePid: number;
}

async function playRounds(
  parts: Parts,
  { rounds }: BenchOptions,
  progress: (text: string) => void,
): Promise<readonly Round[]> {
  const played: Round[] = [];
  // The first round warms both up.
  for (const share of [0, ...[0, 0.2, 1].flatMap((one) => new Array<number>(rounds).fill(one))]) {
    progress(`A round with ${String(share * 100)} % changed.`);
    played.push(await playRound(parts, share));
  }
  return played.slice(1);
}

async function playRound({ origin, product, bareMs, barePid }: Parts, share: number): Promise<Round> {
  await origin.publish(share);
  const bareCpuBefore = await cpuMs(barePid);
  const bare = await bareMs();
  const bareCpu = (await cpuMs(barePid)) - bareCpuBefore;
  await origin.publish(0);
  const before = { posts: await product.posts(), ...(await product.cpu()) };
  const productMs = await product.pollAll();
  const endedAt = Date.now();
  const { firstAt, unconditional } = await origin.seen();
  const after = await product.cpu();
  const cpu = { bare: bareCpu, node: after.node - before.node, postgres: after.postgres - before.postgres };
  const posts = (await product.posts()) - before.posts;
  return { share, bareMs: bare, productMs, workingMs: endedAt - firstAt, posts, cpu, unconditional };
}

function reportOf(rounds: readonly Round[], feeds: number, { redis, atOnce }: BenchOptions): BenchReport {
  const shares = [...new Set(rounds.map(({ share }) => share))];
  const perSecond = (ms: number): number => Math.round((feeds / ms) * 1_000);
  return {
    name: redis ? 'poll-redis' : 'poll',
    head: [
      'changed',
      'bare loop /s',
      'product /s',
      'ratio',
      'without the wait /s',
      'ratio',
      'changed /s',
      'CPU ms a poll: bare, Node, PostgreSQL',
    ],
    rows: shares.map((share) => {
      const of = rounds.filter((round) => round.share === share);
      const bare = median(of.map(({ bareMs }) => bareMs));
      const product = median(of.map(({ productMs }) => productMs));
      const working = median(of.map(({ workingMs }) => workingMs));
      const cpuOf = (part: keyof Round['cpu']): string => (median(of.map(({ cpu }) => cpu[part])) / feeds).toFixed(2);
      return [
        `${String(share * 100)} %`,
        perSecond(bare),
        perSecond(product),
        (bare / product).toFixed(2),
        perSecond(working),
        (bare / working).toFixed(2),
        Math.round(perSecond(product) * share),
        [cpuOf('bare'), cpuOf('node'), cpuOf('postgres')].join(', '),
      ];
    }),
    notes: [
      `${String(feeds)} feeds, ${String(atOnce)} requests at once in the bare loop, medians of ${String(rounds.length / shares.length)} rounds; product times run from "all due" to "all stored".`,
      `New posts: ${rounds.map(({ posts }) => posts).join(', ')}.`,
      `Requests without a validator: ${String(rounds.reduce((sum, round) => sum + round.unconditional, 0))}.`,
    ],
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
