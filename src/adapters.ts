import { createConsoleAdapter } from '../adapters/console/console-adapter.js';
import type { ChatAdapter, PlatformPace } from './chat/chat-adapter.js';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { Logger } from './log.js';

export interface Terminal {
  readonly write: (text: string) => void;
  readonly json: boolean;
  readonly colour: boolean;
  readonly columns: number;
}

export interface AdapterTools {
  readonly clock: Clock;
  readonly log: Logger;
  /** Absent: each platform's own. */
  readonly pace?: PlatformPace;
}

/**
 * One adapter per platform that is configured, and the terminal always. SDKs are loaded only when they are needed, and
 * discord.js before Bolt: the other way round, Bolt's undici breaks discord.js' uploads.
 */
export async function createAdapters(config: Config, terminal: Terminal, tools: AdapterTools): Promise<ChatAdapter[]> {
  const adapters: ChatAdapter[] = [createConsoleAdapter(terminal)];
  if (config.discord) {
    const { createDiscordAdapter } = await import('../adapters/discord/discord-adapter.js');
    adapters.push(createDiscordAdapter({ ...config.discord, ...tools }));
  }
  if (config.slack) {
    const { createSlackAdapter } = await import('../adapters/slack/slack-adapter.js');
    adapters.push(createSlackAdapter({ ...config.slack, ...tools }));
  }
  return adapters;
}
