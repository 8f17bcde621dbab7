import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import { createCommandSide } from './command-side.js';
import { createConnection, type DiscordOptions } from './connection.js';
import { createPosting } from './posting.js';

/** Discord through discord.js: posts over REST alone; commands over the gateway, and over HTTP with a public key. */
export function createDiscordAdapter(options: DiscordOptions): ChatAdapter {
  const connection = createConnection(options);
  const { stop: stopPosting, ...posting } = createPosting(connection);
  const { stop: stopCommands, ...commands } = createCommandSide(connection);
  return {
    platform: 'discord',
    ...posting,
    ...commands,
    stop: async () => {
      await stopPosting();
      await stopCommands();
    },
  };
}
