import { createDiscordAdapter } from '../../../adapters/discord/discord-adapter.js';
import type { ChannelRef } from '../../../src/chat/channel.js';
import type { ChatAdapter } from '../../../src/chat/chat-adapter.js';
import { later } from '../../../src/clock.js';
import type { LogFields, Logger } from '../../../src/log.js';
import { startDiscordServer, type DiscordServer, type DiscordServerOptions } from './discord-server.js';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
}

export interface OpenedDiscord {
  readonly server: DiscordServer;
  readonly adapter: ChatAdapter;
  readonly channel: ChannelRef;
  readonly otherChannel: ChannelRef;
  readonly logged: LogLine[];
  /** Moves the adapter's clock. */
  readonly advance: (ms: number) => void;
  readonly close: () => Promise<void>;
}

/** A real adapter against a local server. The application id is asked of the server, the public key is its own. */
export async function openDiscord(options: DiscordServerOptions = {}): Promise<OpenedDiscord> {
  const server = await startDiscordServer(options);
  const logged: LogLine[] = [];
  const write =
    (level: LogLine['level']) =>
    (event: string, fields: LogFields = {}): void => {
      logged.push({ level, event, fields });
    };
  const log: Logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  let aheadMs = 0;
  const adapter = createDiscordAdapter({
    token: server.token,
    applicationId: null,
    publicKey: server.publicKey,
    apiUrl: server.apiUrl,
    clock: () => later(new Date(), aheadMs),
    log,
  });
  const channelRef = (channelId: string): ChannelRef => ({
    platform: 'discord',
    workspaceId: server.guildId,
    channelId,
  });
  return {
    server,
    adapter,
    channel: channelRef(server.channelId),
    otherChannel: channelRef(server.otherChannelId),
    logged,
    advance: (ms) => {
      aheadMs += ms;
    },
    close: async () => {
      await adapter.stop();
      await server.close();
    },
  };
}
