import {
  ButtonStyle,
  ComponentType,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIMessage,
} from 'discord.js';
import type { ReplyButton } from '../../src/chat/command.js';
import { fit, shownLine } from '../../src/chat/shown-text.js';

const BUTTON = { label: 80, customId: 100, perRow: 5, rows: 5 };

export type ButtonRow = APIActionRowComponent<APIButtonComponent>;

/**
 * Each press gives the command in the button's `custom_id`, so buttons work for ever. A command too long for one gives
 * no button: half a command would do something else.
 */
export function buttonRows(buttons: readonly ReplyButton[]): ButtonRow[] {
  const usable = [...new Map(buttons.map(({ label, command }) => [command.trim(), shownLine(label)]))]
    .filter(([command, label]) => label !== '' && isUsable(command))
    .slice(0, BUTTON.perRow * BUTTON.rows)
    .map(([command, label]): APIButtonComponent => ({
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label: fit(label, BUTTON.label, (text) => text),
      custom_id: command,
    }));
  const rows = Math.ceil(usable.length / BUTTON.perRow);
  return Array.from({ length: rows }, (_, row) => ({
    type: ComponentType.ActionRow,
    components: usable.slice(row * BUTTON.perRow, (row + 1) * BUTTON.perRow),
  }));
}

/** The command that a message's first button gives, which is of its post alone; null without buttons. */
export function ownCommand(rows: APIMessage['components']): string | null {
  const [first] = rows ?? [];
  const [button] = first?.type === ComponentType.ActionRow ? first.components : [];
  return button !== undefined && 'custom_id' in button ? button.custom_id : null;
}

function isUsable(command: string): boolean {
  return command !== '' && command.length <= BUTTON.customId && !/\p{Surrogate}/u.test(command);
}
