import type { PostId } from '../ids.js';

/** One item of one fetched feed document, decoded and cleaned: no HTML, no relative address. */
export interface Entry {
  /** The publisher's guid/id, exactly as decoded. */
  readonly guid: string | null;
  readonly link: URL | null;
  /** Plain text, one line; "(untitled)" never appears here: empty when the publisher gave none. */
  readonly title: string;
  readonly author: string | null;
  /** Whole visible text, plain, with line breaks between paragraphs. */
  readonly text: string;
  readonly publishedAt: Date | null;
  /** When the publisher says that it last changed it. */
  readonly updatedAt: Date | null;
  readonly imageUrl: URL | null;
  /** The publisher's own labels. */
  readonly tags: readonly string[];
}

/** One article, however many feeds, guids, links and titles it has had. */
export interface Post {
  readonly id: PostId;
  /** Plain text, one line, never empty. */
  readonly title: string;
  readonly url: URL | null;
  readonly author: string | null;
  readonly text: string;
  readonly tags: readonly string[];
  readonly imageUrl: URL | null;
  readonly publishedAt: Date | null;
  readonly firstSeenAt: Date;
}
