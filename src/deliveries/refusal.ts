import type { ChannelRef, Platform } from '../chat/channel.js';
import type { RefusalReason } from '../chat/post-outcome.js';

/** One owner of a channel that refuses us, to be told so. */
export interface OwnerNote {
  /** Of the channel's row. */
  readonly id: string;
  readonly channel: ChannelRef;
  readonly userId: string;
  readonly reason: RefusalReason;
  readonly since: Date;
  /** Claiming one counts it. */
  readonly attempts: number;
}

export interface RefusalStore {
  /** The next that is due on these platforms; null if none is. Nobody is given it again, unless it is put off. */
  readonly claimNote: (platforms: readonly Platform[], now: Date) => Promise<OwnerNote | null>;
  /** It was surely not sent: it is due again then. */
  readonly putOffNote: (note: OwnerNote, dueAt: Date) => Promise<void>;
  /** Somebody is at work in the channel: what it refused is tried now, and its workspace counts as there. */
  readonly tryAgain: (channel: ChannelRef, now: Date) => Promise<void>;
  /** The bot starts, maybe with another token: what a refused one stopped on these platforms is tried now. */
  readonly startAnew: (platforms: readonly Platform[], now: Date) => Promise<void>;
}

/** What a refusal means, and what to do about it, in words for people in the channel. */
export function remedyFor(reason: string, platform: Platform): string {
  switch (reason) {
    case 'not-a-member':
    case 'not-allowed':
      return INVITE[platform];
    case 'channel-gone':
      return 'The platform says that this channel is archived or gone.';
    case 'workspace-gone':
    case 'bad-credentials':
      return 'The bot has lost its access. Whoever runs it must install it again.';
    default:
      return `The reason: ${reason}.`;
  }
}

const INVITE: Readonly<Record<Platform, string>> = {
  slack: 'Invite the bot: type /invite and its name.',
  discord: 'Give the bot the permissions View Channel, Send Messages and Embed Links here.',
  console: 'Whoever runs this bot can see why in its log.',
};

const WHY: Readonly<Partial<Record<RefusalReason, string>>> = {
  'channel-gone': 'it is archived, gone, or private and the bot is not in it',
  'not-a-member': 'the bot is not a member',
  'not-allowed': 'the bot may not write there',
};

const MEND: Readonly<Record<Platform, string>> = {
  slack: 'To mend it, type /invite and the name of the bot in the channel, or let the bot write there.',
  discord: 'To mend it, give the bot the permissions View Channel, Send Messages and Embed Links in the channel.',
  console: 'Whoever runs this bot can see why in its log.',
};

/** What an owner is told, in the markup that Slack and Discord share for naming a channel. */
export function refusalText({ channel, reason, since }: OwnerNote): string {
  const { platform, channelId } = channel;
  const where = platform === 'console' ? channelId : `<#${channelId}>`;
  const at = `${since.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [
    `Tidings cannot post in ${where} since ${at}: ${WHY[reason] ?? reason}.`,
    MEND[platform],
    'Nothing is lost for 7 days: what waits is sent as soon as the channel takes it, which is tried from time to time,',
    'and at once when somebody types /tidings subscriptions in the channel.',
  ].join(' ');
}
