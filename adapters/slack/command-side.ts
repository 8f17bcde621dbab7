import type { IncomingMessage, ServerResponse } from 'node:http';
import { App, HTTPReceiver, type Receiver } from '@slack/bolt';
import type { CommandSpec, OnCommand } from '../../src/chat/command.js';
import type { HttpRoute } from '../../src/chat/http-route.js';
import type { Clock } from '../../src/clock.js';
import { errorText, type Logger } from '../../src/log.js';
import { registerCommands, type CommandsOptions } from './commands.js';
import { createSocketMode } from './socket-mode.js';
import { createSdkLogger, webClientOptions } from './web-client.js';

/** How commands reach us: over a connection we open, over HTTP, or not at all. */
export interface CommandSide {
  readonly routes: readonly HttpRoute[];
  readonly start: (specs: readonly CommandSpec[], onCommand: OnCommand) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface CommandSideOptions {
  readonly botToken: string;
  readonly appToken: string | null;
  readonly signingSecret: string | null;
  /** Ends in `/api/`. */
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly track: CommandsOptions['track'];
}

const EVENTS_PATH = '/slack/events';
/** For what is sent to a `response_url`. */
const REPLY_DEADLINE_MS = 10_000;

export function createCommandSide(options: CommandSideOptions): CommandSide {
  const { appToken, signingSecret } = options;
  if (appToken !== null) return overSocketMode(options, appToken);
  if (signingSecret !== null) return overHttp(options, signingSecret);
  return off(options);
}

function overSocketMode(options: CommandSideOptions, appToken: string): CommandSide {
  const { apiUrl, clock, log } = options;
  let stop: () => Promise<void> = () => Promise.resolve();
  return {
    routes: [],
    start: async (specs, onCommand) => {
      const socketMode = createSocketMode({ appToken, apiUrl, clock, log });
      listen(options, socketMode.receiver, { specs, onCommand });
      ({ stop } = socketMode);
      await socketMode.start();
    },
    stop: () => stop(),
  };
}

/** Bolt's receiver without its server: ours carries the requests, and Bolt checks their signatures. */
function overHttp(options: CommandSideOptions, signingSecret: string): CommandSide {
  const { log } = options;
  let receiver: HTTPReceiver | null = null;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      if (receiver) receiver.requestListener(request, response);
      else response.writeHead(503).end();
    } catch (error) {
      log.warn('slack.request_not_handled', { error: errorText(error) });
      response.writeHead(404).end();
    }
  };
  return {
    routes: [{ method: 'POST', path: EVENTS_PATH, handle }],
    start: (specs, onCommand) => {
      receiver = new HTTPReceiver({ signingSecret, endpoints: EVENTS_PATH, logger: refusalLogger(log) });
      listen(options, receiver, { specs, onCommand });
      log.info('slack.commands_on', { transport: 'http', path: EVENTS_PATH });
      return Promise.resolve();
    },
    stop: () => {
      receiver = null;
      return Promise.resolve();
    },
  };
}

function off({ log }: CommandSideOptions): CommandSide {
  return {
    routes: [],
    start: () => {
      log.warn('slack.commands_off', {
        hint: 'Posts are sent, but /tidings does nothing. Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET and a public address for HTTP.',
      });
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}

/** A wrong signing secret shows up here alone: Slack tells the person only that the app did not answer. */
function refusalLogger(log: Logger): ReturnType<typeof createSdkLogger> {
  return createSdkLogger({
    ...log,
    debug: (event, fields) => {
      log[fields?.['level'] === 'info' ? 'debug' : 'warn'](event, fields);
    },
  });
}

/** The token is handed to Bolt without a call to Slack: asking first would delay the acknowledgement. */
function listen(
  { botToken, apiUrl, log, track }: CommandSideOptions,
  receiver: Receiver,
  { specs, onCommand }: Pick<CommandsOptions, 'specs' | 'onCommand'>,
): void {
  const app = new App({
    receiver,
    authorize: () => Promise.resolve({ botToken }),
    clientOptions: webClientOptions({ apiUrl, log, deadlineMs: REPLY_DEADLINE_MS }),
    logger: createSdkLogger(log),
    convoStore: false,
    ignoreSelf: false,
  });
  registerCommands(app, { specs, onCommand, log, track });
}
