/** What a platform answered to one attempt to post or edit. The retry policy is a pure function of this value. */
export type PostOutcome =
  | { readonly kind: 'posted'; readonly messageId: string }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
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

/** What looking for a message of uncertain fate found. `absent` means that posting it now makes no second copy. */
export type FindOutcome =
  | { readonly kind: 'found'; readonly messageId: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'cannot-tell'; readonly detail: string };
