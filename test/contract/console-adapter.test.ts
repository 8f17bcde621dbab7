import { describe, expect, test } from '@jest/globals';
import { createConsoleAdapter } from '../../adapters/console/console-adapter.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import { chatAdapterContract, MESSAGE, newKey, type Fault } from './chat-adapter.contract.js';

const CHANNEL: ChannelRef = { platform: 'console', workspaceId: 'console', channelId: 'noc' };
const COLUMNS = 80;

const TERMINAL_LINK = /\u001b\]8;[^;]*;([^\u0007\u001b]+)(?:\u0007|\u001b\\)(.*?)\u001b\]8;;/gsu;

const BELL = /\u0007/gu;

/** A terminal that shows what is written, and can be made to fail once. */
function createTerminal(): { write: (text: string) => void; visible: () => string[]; failNext: () => void } {
  const written: string[] = [];
  let failing = false;
  return {
    write: (text) => {
      const fails = failing;
      failing = false;
      if (fails) throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
      written.push(text);
    },
    visible: () => written.map((text) => text.replace(TERMINAL_LINK, '$2 ⇒ $1').replace(BELL, 'PING(terminal)')),
    failNext: () => {
      failing = true;
    },
  };
}

for (const json of [false, true]) {
  chatAdapterContract(json ? 'console as JSON' : 'console', () => {
    const terminal = createTerminal();
    const visible = json ? () => terminal.visible().map(valuesOf) : terminal.visible;
    return Promise.resolve({
      adapter: createConsoleAdapter({ write: terminal.write, json, colour: !json, columns: COLUMNS }),
      channel: CHANNEL,
      missingChannel: null,
      visible: () => Promise.resolve(visible()),
      faults: ['down'] satisfies Fault[],
      failNext: terminal.failNext,
      remembers: false,
      close: () => Promise.resolve(),
    });
  });
}

/** The values on one line of JSON, as the program that reads them has them. */
function valuesOf(line: string): string {
  return Object.values(JSON.parse(line) as Record<string, unknown>)
    .flat()
    .join('\n');
}

describe('the console adapter', () => {
  test('calls a message by its delivery, so that a line of JSON can be told from a repeat', async () => {
    const lines: string[] = [];
    const write = (text: string): void => void lines.push(text);
    const adapter = createConsoleAdapter({ write, json: true, colour: false, columns: COLUMNS });
    const key = newKey();
    expect(await adapter.post(CHANNEL, MESSAGE, key)).toEqual({ kind: 'posted', messageId: key.id });
    expect(JSON.parse(lines.join(''))).toMatchObject({ channel: 'console:noc', id: key.id });
  });
});
