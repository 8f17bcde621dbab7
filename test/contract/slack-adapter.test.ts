import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import type { SlackFault } from '../support/slack/faults.js';
import { openSlackAdapter, slackChannel } from '../support/slack/harness.js';
import { readMessage } from '../support/slack/reader.js';
import { startSlackServer } from '../support/slack/slack-server.js';
import { CHANNELS } from '../support/slack/workspace.js';
import { chatAdapterContract, type AdapterHarness, type Fault } from './chat-adapter.contract.js';

const FAULTS: Readonly<Record<Exclude<Fault, 'down'>, SlackFault>> = {
  throttled: { kind: 'throttled', retryAfterS: 7 },
  failing: { kind: 'status', status: 500 },
  'answer-lost': { kind: 'broken', how: 'reset-after' },
};

async function open(commands: 'socket' | 'http'): Promise<AdapterHarness> {
  const server = await startSlackServer();
  const { adapter } = openSlackAdapter(server.apiUrl, { commands });
  let isDown = false;
  const post: ChatAdapter['post'] = async (...args) => {
    const outcome = await adapter.post(...args);
    if (isDown) await server.up();
    isDown = false;
    return outcome;
  };
  return {
    adapter: { ...adapter, post },
    channel: slackChannel(CHANNELS.news),
    missingChannel: slackChannel(CHANNELS.foreign),
    visible: () => Promise.resolve(server.messages(CHANNELS.news).map(readMessage)),
    faults: ['throttled', 'down', 'failing', 'answer-lost'],
    failNext: async (fault) => {
      isDown = fault === 'down';
      if (fault !== 'down') {
        server.fail('chat.postMessage', FAULTS[fault]);
        return;
      }
      await server.down();
      // Until the client has seen its idle connection close, it would try that one, and could not tell what became of it.
      await sleep(50);
    },
    remembers: true,
    close: server.close,
  };
}

chatAdapterContract('Slack over Socket Mode', () => open('socket'));
chatAdapterContract('Slack over HTTP', () => open('http'));
