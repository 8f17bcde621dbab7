import { closestWord } from '../chat/closest-word.js';
import { channelName, parseChannel, PLATFORMS, type Platform } from '../chat/channel.js';
import { UserError } from '../errors.js';

/** What can be paused: a platform, a workspace (Discord calls it a guild) or one channel. Empty means all of them. */
export interface PauseScope {
  readonly platform: Platform;
  readonly workspaceId: string;
  readonly channelId: string;
}

export interface Pause {
  readonly scope: PauseScope;
  readonly reason: string;
  readonly pausedAt: Date;
  /** Null: until somebody resumes. */
  readonly until: Date | null;
}

export interface PauseStore {
  /** Replaces an earlier pause of the same scope, but keeps since when it holds. */
  readonly pause: (pause: Pause) => Promise<void>;
  /** False if exactly this was not paused. Narrower and wider pauses stay. */
  readonly resume: (scope: PauseScope, now: Date) => Promise<boolean>;
  /** Those that hold, the oldest first. */
  readonly list: (now: Date) => Promise<Pause[]>;
}

const WORKSPACES: Readonly<Record<Platform, RegExp>> = {
  slack: /^slack:([TE][A-Z0-9]+)$/,
  discord: /^discord:(\d{17,20})$/,
  console: /^(?!)()/,
};

/** `slack`, `slack:T0123` or `slack:T0123/C0456`, and the like of Discord. @throws UserError `bad-pause` for anything else */
export function parsePauseScope(typed: string): PauseScope {
  const [name = ''] = typed.split(':');
  const platform = PLATFORMS.find((one) => one === name);
  if (!platform) throw unknownScope(typed, name);
  if (typed === platform) return { platform, workspaceId: '', channelId: '' };
  const workspaceId = WORKSPACES[platform].exec(typed)?.[1];
  return workspaceId === undefined ? parseChannel(typed) : { platform, workspaceId, channelId: '' };
}

export function pauseScopeName({ platform, workspaceId, channelId }: PauseScope): string {
  if (channelId !== '') return channelName({ platform, workspaceId, channelId });
  return workspaceId === '' ? platform : `${platform}:${workspaceId}`;
}

/** True if what holds `inner` back is, or includes, `outer`. */
export function isWithin(inner: PauseScope, outer: PauseScope): boolean {
  return (
    inner.platform === outer.platform &&
    ['', inner.workspaceId].includes(outer.workspaceId) &&
    ['', inner.channelId].includes(outer.channelId)
  );
}

function unknownScope(typed: string, name: string): UserError {
  const meant = closestWord(name, PLATFORMS);
  const advice = meant === null ? '' : ` Did you mean "${meant}${typed.slice(name.length)}"?`;
  return new UserError(
    'bad-pause',
    `"${typed}" cannot be paused.${advice} Write slack, slack:<team>, slack:<team>/<channel>, discord, discord:<guild>, ` +
      'discord:<guild>/<channel> or console.',
  );
}
