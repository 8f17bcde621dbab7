import type { CommandCall } from '../chat/command.js';
import type { Platform } from '../chat/channel.js';
import { UserError } from '../errors.js';

const WHO_MAY: Readonly<Record<Platform, string>> = {
  discord: 'Ask somebody who has the "Manage Channels" permission here.',
  slack: 'Ask a member of this channel, or join it first.',
  console: 'Ask whoever runs this bot.',
};

/** @throws UserError `not-allowed` if the caller may not change what this channel is told. */
export function mustManage({ caller, channel }: CommandCall): void {
  if (caller.mayManage) return;
  throw new UserError('not-allowed', `You cannot change what this channel is told. ${WHO_MAY[channel.platform]}`);
}
