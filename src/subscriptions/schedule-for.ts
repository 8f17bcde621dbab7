import type { ChannelRef } from '../chat/channel.js';
import type { QuietHours } from './next-slot.js';
import type { Schedule } from './schedule.js';
import type { ReadWhen } from './when.js';

/** When a channel may be told of things. */
export interface Hours {
  /** Null: nobody said. */
  readonly timeZone: string | null;
  readonly quiet: QuietHours | null;
}

export interface HoursStore {
  readonly hoursOf: (channel: ChannelRef) => Promise<Hours>;
}

/** What was typed, in the time zone that was named, else in the channel's, else in UTC. */
export async function scheduleFor(
  channels: HoursStore,
  channel: ChannelRef,
  { when, timeZone }: Extract<ReadWhen, { kind: 'when' }>,
): Promise<Schedule> {
  return { when, timeZone: timeZone ?? (await channels.hoursOf(channel)).timeZone ?? 'UTC' };
}

/** What was asked of a channel's hours; what is absent stays. */
export interface HoursChange {
  readonly timeZone?: string;
  /** Null: never quiet. */
  readonly quiet?: { readonly from: number; readonly to: number } | null;
}
