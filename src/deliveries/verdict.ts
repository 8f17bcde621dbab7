import type { MessageFormat } from '../chat/message.js';
import type { RefusalReason } from '../chat/post-outcome.js';

export type DeliveryState =
  /** Promised, and waiting for the slot of its digest. */
  | { readonly kind: 'held'; readonly dueAt: Date }
  | { readonly kind: 'pending'; readonly dueAt: Date; readonly attempts: number }
  | { readonly kind: 'sending'; readonly leaseUntil: Date; readonly attempts: number }
  /** Posted, or not: nobody knows yet. `since`: when the lost request ended; `checks`: looks that could not tell. */
  | {
      readonly kind: 'unknown';
      readonly dueAt: Date;
      readonly attempts: number;
      readonly checks: number;
      readonly since: Date;
    }
  | { readonly kind: 'sent'; readonly messageId: string; readonly at: Date }
  | { readonly kind: 'abandoned'; readonly reason: string; readonly at: Date }
  /** Named in a digest, which is a delivery of its own. */
  | { readonly kind: 'digested' };

/** Where an attempt or a look leaves a delivery. */
export type NextState = Exclude<DeliveryState, { readonly kind: 'held' | 'sending' | 'digested' }>;

/** What one attempt changes: the delivery, and when its channel may be written to again. */
export interface Verdict {
  readonly state: NextState;
  /** Of the next attempt. */
  readonly format: MessageFormat;
  /** Set when those after it in its channel need not wait for it any more. */
  readonly aside: boolean;
  /** The platform keeps the whole channel waiting until then; null if it need not wait. */
  readonly channelReadyAt: Date | null;
  /** The platform keeps the whole bot waiting until then. */
  readonly platformReadyAt: Date | null;
  /** The channel's own pace is used up until then; null if it is not. */
  readonly pacedUntil: Date | null;
  /** Why the platform refuses this channel; null clears an earlier refusal; undefined leaves it. */
  readonly channelTrouble: RefusalReason | null | undefined;
}

/** The verdict that changes the state, and nothing else. */
export function leaving(state: NextState, { format, aside }: Pick<Verdict, 'format' | 'aside'>): Verdict {
  const nothingElse = { channelReadyAt: null, platformReadyAt: null, pacedUntil: null, channelTrouble: undefined };
  return { state, format, aside, ...nothingElse };
}
