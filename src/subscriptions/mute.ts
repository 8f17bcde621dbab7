import { UserError } from '../errors.js';
import type { ChannelRef } from '../chat/channel.js';
import type { Target } from './subscription.js';

/** What a channel can have quiet from. */
export type MuteTarget = Extract<Target, { readonly kind: 'feed' | 'query' }>;

/** A channel's wish for quiet: what its subscriptions want is not promised to it while this holds. */
export interface Mute {
  readonly channel: ChannelRef;
  readonly target: MuteTarget;
  /** Null: until it is ended by hand. */
  readonly until: Date | null;
}

/** As a list shows it. */
export interface MuteView extends Mute {
  readonly feedTitle: string | null;
  readonly feedUrl: string | null;
}

const UNITS = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;
const UNIT_NAMES: Readonly<Record<string, keyof typeof UNITS>> = { hour: 'h', day: 'd', week: 'w' };
const LONGEST_MS = 366 * UNITS.d;
const FOREVER = ['forever', 'always'];

/** "2h", "7 days", "forever" (null), in milliseconds. @throws UserError `bad-duration` that says what to write */
export function readQuiet(typed: string): number | null {
  const text = typed.trim().toLowerCase();
  if (FOREVER.includes(text)) return null;
  const [, count = '', word = ''] = /^(\d{1,4})\s*([a-z]+?)s?$/.exec(text) ?? [];
  const unit = word in UNITS ? (word as keyof typeof UNITS) : UNIT_NAMES[word];
  const ms = unit ? Number(count) * UNITS[unit] : 0;
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw new UserError(
    'bad-duration',
    `"${typed}" is no time to be quiet for. Write for:2h, for:7d, for:2w or for:forever`,
  );
}
