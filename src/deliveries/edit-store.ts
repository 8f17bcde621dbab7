import type { Platform } from '../chat/channel.js';
import type { DeliveryId } from '../ids.js';
import type { Promised } from './message-for.js';
import type { Delivery } from './delivery.js';
import type { EditVerdict, TriedEdit } from './edit.js';

/** A sent message taken to be changed into what is true now. */
export interface ClaimedEdit extends TriedEdit {
  readonly told: Promised & { readonly delivery: Pick<Delivery, 'id' | 'channel'> };
  readonly messageId: string;
  /** Names what it is to follow: if there is more by the time it ends, it is done again. */
  readonly changes: number;
  /** Ends the claim, and names it. */
  readonly leaseUntil: Date;
}

export interface EditStore {
  /** Finds the messages that changed posts make wrong, and drops edits whose time is over. */
  readonly prepare: (now: Date) => Promise<void>;
  /**
   * Deliveries whose messages may be edited now on these platforms, one of each workspace: not in channels that wait, are
   * refused or have posts due, nor on a platform with one rate for all while posts are due there.
   */
  readonly due: (now: Date, platforms: readonly Platform[], limit: number) => Promise<DeliveryId[]>;
  /** Takes one of them until the lease ends. Null if it is not due any more, or the pace is used up. */
  readonly claim: (
    id: DeliveryId,
    platforms: readonly Platform[],
    now: Date,
    leaseUntil: Date,
  ) => Promise<ClaimedEdit | null>;
  /** Ends a claim. One that was lost to another, and yet changed the message, makes that it is edited once more. */
  readonly record: (edit: ClaimedEdit, verdict: EditVerdict, now: Date) => Promise<void>;
}
