import type { ChatAdapter, PlatformPace } from '../../src/chat/chat-adapter.js';
import { createCommandSide } from './command-side.js';
import { createConnection, type DiscordOptions } from './connection.js';
import { createPosting } from './posting.js';
import { createTell } from './tell.js';

/** Discord allows 50 a second; what is left is for commands and for looking up. What a channel takes, its answers say. */
const PACE: PlatformPace = { perChannel: null, perBot: { everyMs: 20.8 } };

/** Discord through discord.js: posts over REST alone; commands over the gateway, and over HTTP with a public key. */
export function createDiscordAdapter(options: DiscordOptions): ChatAdapter {
  const connection = createConnection(options);
  const { stop: stopPosting, ...posting } = createPosting(connection);
  const { stop: stopCommands, ...commands } = createCommandSide(connection);
  return {
    platform: 'discord',
    pace: options.pace ?? PACE,
    tell: createTell(connection),
    takeRequests: connection.gate.takeRequests,
    ...posting,
    ...commands,
    stop: async () => {
      await stopPosting();
      await stopCommands();
    },
  };
}
