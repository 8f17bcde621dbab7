/** What a platform answered to one attempt to post or edit. The retry policy is a pure function of this value. */
export type PostOutcome =
  /** `channelFreeInMs`: so long the platform takes no more in this channel; absent: it did not say. */
  | { readonly kind: 'posted'; readonly messageId: string; readonly channelFreeInMs?: number }
  /** `scope` platform: the whole bot is to wait, wherever it runs; absent: the channel. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number; readonly scope?: 'platform' }
  /** Permanent until somebody acts: the channel is gone, access was lost, the token was revoked. */
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  /** This message is unacceptable: degrade it, never blame the channel. */
  | { readonly kind: 'malformed'; readonly detail: string }
  /** Surely not posted: try again. */
  | { readonly kind: 'unavailable'; readonly detail: string }
  /** The request may have been carried out: find out before trying again. */
  | { readonly kind: 'unknown'; readonly detail: string };

export type RefusalReason = 'channel-gone' | 'not-a-member' | 'not-allowed' | 'workspace-gone' | 'bad-credentials';

/** What a platform answered to an attempt to change a message that stands. */
export type EditOutcome =
  | PostOutcome
  /** This message can be changed no more: somebody deleted it, or it is too old. Says nothing about the channel. */
  | { readonly kind: 'closed'; readonly reason: string };

/** What looking for a message of uncertain fate found. */
export type FindOutcome =
  | { readonly kind: 'found'; readonly messageId: string }
  /** A complete look: it is not there. That proves something only once the lost request cannot be carried out any more. */
  | { readonly kind: 'absent' }
  /** Posting it again at once makes no second copy, whatever became of the first: the platform itself drops it. */
  | { readonly kind: 'repeatable' }
  /** Nobody looked yet: the platform allows it only after so long. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  /** `lasting`: no later look can tell either, as things stand. */
  | { readonly kind: 'cannot-tell'; readonly detail: string; readonly lasting?: boolean };
