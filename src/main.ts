#!/usr/bin/env -S node --max-semi-space-size=16 --max-old-space-size=512
import { stderr, stdin, stdout } from 'node:process';
import { runCli } from './cli/cli.js';
import { createIo } from './cli/io.js';
import type { DemoOptions } from './cli/session.js';
import { systemClock } from './clock.js';
import { readConfig, type Config } from './config.js';
import { runDemo } from './demo/demo.js';
import { createStartDemoBot } from './demo/start-demo-bot.js';
import type { Logger } from './log.js';
import { createLogger } from './logger.js';
import { openOutside } from './outside.js';
import { runBot } from './run-bot.js';
import { createSession } from './session.js';

const PLAIN_COLUMNS = 80;

const io = createIo({ input: stdin, output: stdout, errors: stderr }, stopSignal);
const style = { json: false, colour: io.colour, columns: io.isTTY ? io.columns : PLAIN_COLUMNS };

/** A command's own output is what counts: it logs only what went wrong. */
function quietly(config: Config): Logger {
  return logger({ ...config, logLevel: config.logLevel === 'info' ? 'error' : config.logLevel });
}

function logger({ logLevel: level }: Config): Logger {
  return createLogger({ level, format: stderr.isTTY ? 'text' : 'json', write: io.writeError });
}

const LAST_WORDS_MS = 50;

/** Supervisors kill after 10 s. What has not stopped by then is left to its leases. */
const STOP_WITHIN_MS = 9_500;

/** Ctrl-C or SIGTERM asks to stop; a second signal insists. `lateCode`: the exit code of a stop that takes too long. */
function stopSignal(lateCode = 1): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
      stop.abort();
      setTimeout(() => process.exit(lateCode), STOP_WITHIN_MS).unref();
    });
  }
  return stop.signal;
}

function tell(text: string): void {
  io.writeError(`${text}\n`);
}

async function demo(options: DemoOptions): Promise<number> {
  const config = readConfig();
  const startBot = createStartDemoBot({ config, log: quietly(config), style: { ...style, json: options.json } });
  return runDemo(options, {
    startBot,
    io: { ...io, columns: style.columns },
    clock: systemClock,
    signal: stopSignal(),
  });
}

const parts = {
  open: async () => {
    const config = readConfig();
    return createSession(config, await openOutside(config, { log: quietly(config), adapters: [] }));
  },
  start: async ({ json }: { readonly json: boolean }) => {
    const config = readConfig();
    const terminal = { ...style, json, write: io.write };
    const code = await runBot(config, { terminal, tell, log: logger(config), signal: stopSignal(0) });
    // A request that hangs would keep the process alive; its delivery is leased, and looked for when that ends.
    setTimeout(() => process.exit(code), LAST_WORDS_MS).unref();
    return code;
  },
  demo,
};

process.exitCode = await runCli(parts, io, process.argv.slice(2));
