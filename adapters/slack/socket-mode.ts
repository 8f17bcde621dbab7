import { setTimeout as sleep } from 'node:timers/promises';
import { SocketModeReceiver } from '@slack/bolt';
import { later, type Clock } from '../../src/clock.js';
import { errorText, type Logger } from '../../src/log.js';
import { createSdkLogger, webClientOptions } from './web-client.js';

export interface SocketModeOptions {
  /** Begins with `xapp-`. */
  readonly appToken: string;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface SocketMode {
  readonly receiver: SocketModeReceiver;
  /** Resolves when the first attempt to connect has ended, either way; it goes on in the background. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

type SocketModeClient = SocketModeReceiver['client'];

const OPEN_DEADLINE_MS = 12_000;
const HELLO_DEADLINE_MS = 15_000;
const CLOSE_DEADLINE_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** A connection that ends sooner counts as one that failed, so that it is not opened again and again at once. */
const SETTLED_AFTER_MS = 10_000;

/**
 * Slack's Socket Mode, with reconnecting of our own: the SDK's gives up when Slack cannot be reached for a moment, and
 * then rejects a promise that nobody holds, which ends the process.
 */
export function createSocketMode({ appToken, apiUrl, clock, log }: SocketModeOptions): SocketMode {
  const stopping = new AbortController();
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    logger: createSdkLogger(log),
    installerOptions: {
      clientOptions: webClientOptions({ apiUrl, log, deadlineMs: OPEN_DEADLINE_MS, stopped: stopping.signal }),
    },
  });
  let running: Promise<void> | null = null;

  return {
    receiver,
    start: () =>
      new Promise((resolve) => {
        running = keepConnected(receiver.client, { clock, log, stopped: stopping.signal, tried: resolve });
        void running.then(resolve);
      }),
    stop: async () => {
      stopping.abort();
      await disconnect(receiver.client);
      await running;
    },
  };
}

interface Keeping {
  readonly clock: Clock;
  readonly log: Logger;
  readonly stopped: AbortSignal;
  /** Called after each attempt. */
  readonly tried: () => void;
}

async function keepConnected(client: SocketModeClient, { clock, log, stopped, tried }: Keeping): Promise<void> {
  let failures = 0;
  let state: State = 'new';
  while (!stopped.aborted) {
    const { ended, forget } = nextEnd(client);
    const trouble = await connect(client);
    const settledAt = later(clock(), SETTLED_AFTER_MS);
    state = report(log, trouble, { state, stopping: stopped.aborted });
    tried();
    if (trouble === null) await ended;
    forget();
    const held = trouble === null && clock() > settledAt;
    failures = held ? 0 : failures + 1;
    if (!held) await pause(failures, stopped);
  }
  // The SDK opens the connection it was asked for even if it was told to disconnect meanwhile.
  await disconnect(client);
}

type State = 'new' | 'up' | 'down';

/** Says it once when the connection is lost and once when it is back, however often it is tried in between. */
function report(log: Logger, trouble: string | null, before: { state: State; stopping: boolean }): State {
  if (trouble === null) {
    if (before.state !== 'up') log.info('slack.commands_on', { transport: 'socket-mode' });
    return 'up';
  }
  if (before.state !== 'down' && !before.stopping) {
    log.warn('slack.commands_unreachable', {
      error: trouble,
      hint: 'Posting is not affected. Slack is tried again in the background; if this stays, check SLACK_APP_TOKEN (xapp-…, scope connections:write) and that Socket Mode is on.',
    });
  }
  return 'down';
}

function nextEnd(client: SocketModeClient): { ended: Promise<void>; forget: () => void } {
  let listener = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    listener = resolve;
    client.once('disconnected', listener);
  });
  return { ended, forget: () => void client.removeListener('disconnected', listener) };
}

/** Null once Slack said hello, else what went wrong. */
async function connect(client: SocketModeClient): Promise<string | null> {
  const timer = setTimeout(() => void disconnect(client), HELLO_DEADLINE_MS);
  try {
    await client.start();
    return null;
  } catch (error) {
    return error === undefined ? 'the connection closed before Slack said hello' : errorText(error);
  } finally {
    clearTimeout(timer);
  }
}

/** A second call drops a connection whose other end does not answer the first. */
async function disconnect(client: SocketModeClient): Promise<void> {
  const closed = client.disconnect();
  const timer = setTimeout(() => void client.disconnect(), CLOSE_DEADLINE_MS);
  await closed;
  clearTimeout(timer);
}

async function pause(failures: number, stopped: AbortSignal): Promise<void> {
  const ms = Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10), LONGEST_RETRY_MS);
  await sleep(ms, undefined, { signal: stopped }).catch(() => undefined);
}
