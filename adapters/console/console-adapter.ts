import pc from 'picocolors';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { errorText } from '../../src/log.js';
import { renderJson, renderText, type Shown } from './render.js';

export interface ConsoleOptions {
  /** Throws if the text could not be written. */
  readonly write: (text: string) => void;
  /** One object per line instead of text for a person. */
  readonly json: boolean;
  readonly colour: boolean;
  /** Width of the terminal; 80 where it is not known. */
  readonly columns: number;
}

/** Shows messages in the terminal. It takes no commands: the command line is there for them. */
export function createConsoleAdapter({ write, json, colour, columns }: ConsoleOptions): ChatAdapter {
  const style = { columns, colours: pc.createColors(colour) };
  const print = (text: string, messageId: string): Promise<PostOutcome> => {
    try {
      write(text);
      return Promise.resolve({ kind: 'posted', messageId });
    } catch (error) {
      return Promise.resolve({ kind: 'unavailable', detail: errorText(error) });
    }
  };
  const show = (shown: Shown): Promise<PostOutcome> =>
    print(json ? renderJson(shown) : renderText(shown, style), shown.id);

  return {
    platform: 'console',
    routes: [],
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    post: (channel, message, key) => show({ channel, id: key.id, message, corrected: false }),
    edit: (channel, messageId, message) => show({ channel, id: messageId, message, corrected: true }),
    tell: (_, userId, text) =>
      print(json ? `${JSON.stringify({ to: userId, text })}\n` : `To ${userId}: ${text}\n`, ''),
    // A terminal keeps nothing to look in: to show the message again beats leaving it unseen.
    find: () => Promise.resolve({ kind: 'absent' }),
  };
}
