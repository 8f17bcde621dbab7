import type { ChannelRef } from '../../../src/chat/channel.js';
import type { HeldChannel } from './channels.js';
import type { DiscordServerOptions } from './discord-server.js';
import { openDiscord, type OpenedDiscord } from './open-adapter.js';

/** An adapter, and the channels of its server by their ids. */
export interface OpenedChannels extends OpenedDiscord {
  readonly at: (channelId: string) => ChannelRef;
  readonly held: (channelId: string) => HeldChannel;
}

export async function openChannels(options: DiscordServerOptions): Promise<OpenedChannels> {
  const discord = await openDiscord(options);
  return {
    ...discord,
    at: (channelId) => ({ ...discord.channel, channelId }),
    held: (channelId) => {
      const channel = discord.server.platform.channels.get(channelId);
      if (!channel) throw new Error(`no channel ${channelId}`);
      return channel;
    },
  };
}
