import { readFile } from 'node:fs/promises';
import { createAdapters, type Terminal } from './adapters.js';
import { createApp, type App } from './app.js';
import { parseChannel } from './chat/channel.js';
import { systemClock } from './clock.js';
import type { Config } from './config.js';
import { ConfigError } from './errors.js';
import { importFeeds } from './feeds/import-feeds.js';
import { errorText, type Logger } from './log.js';
import { openOutside } from './outside.js';
import { welcome } from './welcome.js';

export interface BotIo {
  /** Where the console adapter shows messages. */
  readonly terminal: Terminal;
  /** For a person at the terminal: progress and how to go on. */
  readonly tell: (text: string) => void;
  readonly log: Logger;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** Runs the bot until the signal. Returns the exit code. @throws ConfigError for what the operator must mend */
export async function runBot(config: Config, io: BotIo): Promise<number> {
  const { log } = io;
  const adapters = await createAdapters(config, io.terminal, { clock: systemClock, log });
  const outside = await openOutside(config, { log, adapters, onProgress: io.tell });
  try {
    const app = await createApp(config, outside);
    try {
      await importFeedsFile(config, app, io);
      await app.start();
      await showConsoleChannel(config, app);
      io.tell(await welcome(config, app));
      await aborted(io.signal);
      io.tell('Stopping: what is being sent ends first.');
    } finally {
      await app.stop();
    }
    return 0;
  } finally {
    await outside.close();
  }
}

async function importFeedsFile(config: Config, app: App, { tell }: BotIo): Promise<void> {
  if (!config.feedsFile) return;
  const opml = await readFile(config.feedsFile).catch((error: unknown) => {
    throw new ConfigError([`TIDINGS_FEEDS: ${config.feedsFile ?? ''} cannot be read (${errorText(error)})`]);
  });
  const imported = await importFeeds(app.pollDeps, opml);
  if (imported.kind === 'failed') throw new ConfigError([`TIDINGS_FEEDS: ${config.feedsFile} ${imported.text}`]);
  if (imported.added.length > 0) tell(`${String(imported.added.length)} new feeds from ${config.feedsFile}.`);
}

/** Somebody who starts without a chat platform and without subscriptions sees every new post in the terminal. */
async function showConsoleChannel(config: Config, app: App): Promise<void> {
  if (config.slack || config.discord) return;
  const { subscriptions } = app.stores;
  const now = app.pollDeps.clock();
  if ((await subscriptions.list(null, now)).length > 0) return;
  await subscriptions.add(
    { channel: parseChannel('console:news'), target: { kind: 'everything' }, createdBy: 'start' },
    now,
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
