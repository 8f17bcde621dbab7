import { LogLevel, webApi, type Logger as SdkLogger } from '@slack/bolt';
import type { Logger } from '../../src/log.js';
import { createDeadlineFetch } from './deadline-fetch.js';

export interface WebClientSettings {
  /** Ends in `/api/`. */
  readonly apiUrl: string;
  readonly deadlineMs: number;
  readonly log: Logger;
  readonly stopped?: AbortSignal;
}

/**
 * Options for one client of Slack's Web API, a fresh object each time: the SDK writes into what it is given, headers of
 * one token included.
 *
 * The SDK's own retries are off, for they post a message again that may have arrived; so is its waiting when throttled,
 * which holds up every other call of the client.
 */
export function webClientOptions({ apiUrl, deadlineMs, log, stopped }: WebClientSettings): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    fetch: createDeadlineFetch(deadlineMs, stopped),
    logger: createSdkLogger(log),
  };
}

export function createWebClient(token: string, settings: WebClientSettings): webApi.WebClient {
  return new webApi.WebClient(token, webClientOptions(settings));
}

/** What the SDK has to say is for whoever debugs it: what matters to an operator, the adapter logs itself. */
export function createSdkLogger(log: Logger): SdkLogger {
  const say =
    (level: string) =>
    (...words: unknown[]): void => {
      log.debug('slack.sdk', { level, text: words.map(String).join(' ').slice(0, 500) });
    };
  return {
    debug: () => undefined,
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
