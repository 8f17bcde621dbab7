import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import { FAULTS, type DiscordFault } from '../support/discord/faults.js';
import { openDiscord } from '../support/discord/open-adapter.js';
import { chatAdapterContract, type Fault } from './chat-adapter.contract.js';

const POST = 'POST /channels/:id/messages';

const AS_FAULT: Readonly<Record<Exclude<Fault, 'down'>, DiscordFault>> = {
  throttled: FAULTS.limitedFor7s,
  failing: FAULTS.serverError,
  'answer-lost': FAULTS.lostAnswer,
};

chatAdapterContract('discord', async () => {
  const { server, adapter, channel, close } = await openDiscord();
  let down = false;
  const backAfterPost: ChatAdapter = {
    ...adapter,
    post: async (...message) => {
      const outcome = await adapter.post(...message);
      if (down) await server.comeBack();
      down = false;
      return outcome;
    },
  };
  return {
    adapter: backAfterPost,
    channel,
    missingChannel: { ...channel, channelId: '299999999999999999' },
    visible: () => Promise.resolve(server.visible(server.channelId)),
    faults: ['throttled', 'down', 'failing', 'answer-lost'],
    failNext: async (fault) => {
      if (fault === 'down') {
        down = true;
        await server.goDown();
        // Until the client has noticed that its idle connections are gone.
        await sleep(50);
      } else server.fail(POST, AS_FAULT[fault]);
    },
    remembers: true,
    close,
  };
});
