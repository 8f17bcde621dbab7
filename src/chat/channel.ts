import { UserError } from '../errors.js';

export const PLATFORMS = ['slack', 'discord', 'console'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Where messages go. */
export interface ChannelRef {
  readonly platform: Platform;
  /** Slack team id, Discord guild id, `console`. */
  readonly workspaceId: string;
  readonly channelId: string;
}

const FORMS: Readonly<Record<Platform, RegExp>> = {
  slack: /^slack:([TE][A-Z0-9]+)\/([CGD][A-Z0-9]+)$/,
  discord: /^discord:(\d{17,20})\/(\d{17,20})$/,
  console: /^(console):([\w.*-]{1,80})$/,
};

/** `slack:T0123/C0123`, `discord:<guild>/<channel>`, `console:news`. */
export function channelName(channel: ChannelRef): string {
  return channel.platform === 'console'
    ? `console:${channel.channelId}`
    : `${channel.platform}:${channel.workspaceId}/${channel.channelId}`;
}

/** The channel that `channelName` wrote. @throws UserError `bad-channel` for anything else. */
export function parseChannel(text: string): ChannelRef {
  for (const platform of PLATFORMS) {
    const [, workspaceId, channelId] = FORMS[platform].exec(text) ?? [];
    if (workspaceId !== undefined && channelId !== undefined) return { platform, workspaceId, channelId };
  }
  throw new UserError(
    'bad-channel',
    `"${text}" is not a channel. Write slack:<team>/<channel> (slack:T0123/C0456), discord:<guild>/<channel> (two numbers) or console:<name>.`,
  );
}
