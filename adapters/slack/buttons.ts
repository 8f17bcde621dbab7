import type { types } from '@slack/bolt';
import type { ReplyButton } from '../../src/chat/command.js';
import { shownLine } from '../../src/chat/shown-text.js';
import { plainText } from './escape.js';

/** Slack's limits of buttons and of the entries of a menu. */
const BUTTON = { most: 25, label: 75, value: 2_000 } as const;
const ENTRY = { most: 5, label: 75, value: 150 } as const;

/** Each press gives the command in the button's value. One that does not fit is dropped with its button: half a command is another one. */
export function buttonsBlock(buttons: readonly ReplyButton[]): types.ActionsBlock[] {
  const elements = usable(buttons, BUTTON).map(({ label, command }, index): types.Button => ({
    type: 'button',
    action_id: `tidings-${String(index)}`,
    text: label,
    value: command,
  }));
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

/** The same as the small menu of a message. */
export function menu(buttons: readonly ReplyButton[]): types.Overflow | null {
  const options = usable(buttons, ENTRY).map(({ label, command }) => ({ text: label, value: command }));
  return options.length === 0 ? null : { type: 'overflow', action_id: 'tidings-menu', options };
}

interface Usable {
  readonly label: types.PlainTextElement;
  readonly command: string;
}

function usable(buttons: readonly ReplyButton[], limits: typeof BUTTON | typeof ENTRY): Usable[] {
  return buttons
    .filter(({ command }) => command.trim() !== '' && command.length <= limits.value && !/\p{Surrogate}/u.test(command))
    .slice(0, limits.most)
    .map(({ label, command }) => ({
      label: { type: 'plain_text', text: plainText(shownLine(label), limits.label) || '…', emoji: false },
      command,
    }));
}
