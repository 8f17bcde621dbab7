import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import type { DemoBot, StartDemoBot } from './demo-bot.js';
import { createDemoScreen, type DemoIo, type DemoScreen } from './demo-screen.js';
import { play } from './play.js';
import { readRecordings, steps, type Recording, type Step } from './recordings.js';
import { startReplayServer, type ReplayServer } from './replay-server.js';
import { renderSummary, summaryJson, type Summary } from './summary.js';
import { createVirtualClock } from './virtual-clock.js';

export interface DemoOptions {
  /** A folder of recordings, or null for the bundled ones. */
  readonly feedsDir: string | null;
  /** Names of the feeds to play; null for all. */
  readonly only: readonly string[] | null;
  /** Leave it running at the end, until the signal. */
  readonly keep: boolean;
  readonly json: boolean;
}

/** What the demo needs from outside. */
export interface DemoEnvironment {
  readonly startBot: StartDemoBot;
  readonly io: DemoIo;
  /** Real time: how long the demo took. */
  readonly clock: Clock;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

const EXIT_DONE = 0;
/** What a shell reports for a program ended by Ctrl-C: 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

/**
 * Plays recorded feeds to the real bot in virtual time. Returns the exit code.
 * @throws UserError for recordings that are not there
 */
export async function runDemo(options: DemoOptions, env: DemoEnvironment): Promise<number> {
  const recordings = await readRecordings(options.feedsDir ?? bundledFeeds(), options.only);
  const screen = createDemoScreen(env.io, options.json);
  const server = await startReplayServer(recordings);
  try {
    return await playTo({ options, env, recordings, screen, server });
  } finally {
    screen.clearProgress();
    await server.close();
  }
}

/** The recordings that come with the product, beside the sources also when this file runs from `dist`. */
export function bundledFeeds(): string {
  const beside = join(import.meta.dirname, 'feeds');
  return existsSync(beside) ? beside : join(import.meta.dirname, '..', '..', '..', 'src', 'demo', 'feeds');
}

interface Demo {
  readonly options: DemoOptions;
  readonly env: DemoEnvironment;
  readonly recordings: readonly Recording[];
  readonly screen: DemoScreen;
  readonly server: ReplayServer;
}

async function playTo(demo: Demo): Promise<number> {
  const { options, env, screen, server } = demo;
  const startedAt = env.clock();
  const walk = steps(demo.recordings);
  const first = walk[0]?.at ?? startedAt;
  const clock = createVirtualClock(first);
  screen.note(banner(demo, walk));
  const bot = await env.startBot({
    clock: clock.now,
    allowHosts: [server.host],
    write: screen.message,
    onProgress: (text) => {
      screen.progress(text, 0, 0);
    },
  });
  try {
    await subscribe(bot, options);
    const feeds = await play({ bot, server, clock, screen, signal: env.signal }, walk);
    screen.clearProgress();
    const tookMs = env.clock().getTime() - startedAt.getTime();
    const virtualMs = clock.now().getTime() - first.getTime();
    report(demo, { feeds, totals: await bot.totals(), virtualMs, tookMs });
    if (env.signal.aborted) return EXIT_INTERRUPTED;
    if (options.keep) await keepRunning(demo, bot);
    return EXIT_DONE;
  } finally {
    screen.clearProgress();
    await bot.stop();
  }
}

/** One channel hears everything. With the bundled feeds a second one hears of one topic, each post once in either. */
async function subscribe(bot: DemoBot, { feedsDir }: DemoOptions): Promise<void> {
  await bot.subscribe('console:noc', { kind: 'everything' });
  if (feedsDir === null) await bot.subscribe('console:bgp', { kind: 'topic', topicId: 'bgp' });
}

function banner({ recordings, options }: Demo, walk: readonly Step[]): string {
  const days = [walk[0], walk.at(-1)].map((step) => step?.at.toISOString().slice(0, 10) ?? '');
  const whose = options.feedsDir === null ? 'invented' : 'recorded';
  return `Tidings demo: ${String(recordings.length)} ${whose} feeds from ${days.join(' to ')}, polled in virtual time; what is new is told below.\n`;
}

function report({ options, screen }: Demo, summary: Summary): void {
  screen.message(options.json ? summaryJson(summary) : renderSummary(summary));
}

/** The virtual clock stands still, so nothing new happens; everything can be looked at. */
async function keepRunning({ env, screen, recordings, server }: Demo, bot: DemoBot): Promise<void> {
  const feeds = recordings.map(({ feed }) => `  ${server.url(feed).href}`).join('\n');
  screen.note(`\nStill running. ${bot.where}\nThe feeds:\n${feeds}\nPress Ctrl-C to stop.`);
  if (env.signal.aborted) return;
  await new Promise<void>((resolve) => {
    env.signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
