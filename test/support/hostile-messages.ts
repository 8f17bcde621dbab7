import type { Message } from '../../src/chat/message.js';
import { MESSAGE } from '../contract/chat-adapter.contract.js';

/** A message whose every text is the same hostile one. */
export function messageOf(text: string, rest: Partial<Message> = {}): Message {
  return {
    ...MESSAGE,
    ...{ title: text, source: text, author: text, topics: [text], summary: text, alsoIn: [text] },
    buttons: [{ label: text, command: 'why x' }],
    ...rest,
  };
}

/** A digest that names nothing else. */
export function digestOf(text: string, rest: Partial<Message> = {}): Message {
  const line = { title: text, url: new URL('https://blog.example/1'), source: text };
  return messageOf(text, { url: null, buttons: [], lines: [line, { ...line, url: null }, line], ...rest });
}
