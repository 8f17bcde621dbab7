import type { PostId } from '../ids.js';

export const AMENDED_FOR_MS = 48 * 3_600_000;

/** What the messages that told of a post do not say yet: its present title or link, or another feed that has it. */
export type AmendmentKind = 'title' | 'link' | 'also-in';

/** What decides whether the messages of a post are worth changing. */
export interface Announced {
  readonly postId: PostId;
  readonly firstSeenAt: Date;
  /** A channel was promised the post, and the promise was not given up. */
  readonly promised: boolean;
  /** What it says is what the post says: it is the post's first sighting. */
  readonly leads: boolean;
}

/** The wish to amend what was sent; sending it is another matter. One stands for each post. */
export interface Amendment {
  readonly postId: PostId;
  readonly kinds: readonly AmendmentKind[];
}

/**
 * Which changes of a post's sighting are to reach the messages already sent. Nobody reads those of two days ago again.
 * A promise that is pending counts, because it may be under way; a message sent later says what is true by then.
 */
export function amendmentOf(announced: Announced, changes: readonly AmendmentKind[], now: Date): Amendment | null {
  const { postId, firstSeenAt, promised, leads } = announced;
  if (!promised || now.getTime() - firstSeenAt.getTime() > AMENDED_FOR_MS) return null;
  const kinds = changes.filter((change) => change === 'also-in' || leads);
  return kinds.length > 0 ? { postId, kinds } : null;
}
