import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChannelRef } from '../../../src/chat/channel.js';
import type { ChatAdapter } from '../../../src/chat/chat-adapter.js';
import { systemClock } from '../../../src/clock.js';
import type { LogFields, Logger } from '../../../src/log.js';
import { createSlackAdapter } from '../../../adapters/slack/slack-adapter.js';
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, TEAM_ID } from './workspace.js';

export interface LogLine {
  readonly level: keyof Logger;
  readonly event: string;
  readonly fields: LogFields;
}

/** A logger that remembers. */
function createLogBook(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: keyof Logger) =>
    (event: string, fields: LogFields = {}): void => {
      lines.push({ level, event, fields });
    };
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

export function slackChannel(channelId: string, workspaceId = TEAM_ID): ChannelRef {
  return { platform: 'slack', workspaceId, channelId };
}

/** The product's adapter, pointed at a local server. */
export function openSlackAdapter(
  apiUrl: string,
  { commands, botToken = BOT_TOKEN }: { commands: 'socket' | 'http' | 'off'; botToken?: string },
): { adapter: ChatAdapter; lines: LogLine[] } {
  const { log, lines } = createLogBook();
  const adapter = createSlackAdapter({
    botToken,
    appToken: commands === 'socket' ? APP_TOKEN : null,
    signingSecret: commands === 'http' ? SIGNING_SECRET : null,
    apiUrl,
    clock: systemClock,
    log,
  });
  return { adapter, lines };
}

/** The adapter's callbacks on a web server of their own; gives the address of the first. */
export async function serveRoutes({ routes }: ChatAdapter): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const route = routes.find(({ method, path }) => method === request.method && path === pathname);
    if (route) route.handle(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}${routes[0]?.path ?? '/'}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
