/** A text as a feed gives it. RSS never says whether a title is plain or HTML: that is `unsure`. */
export interface Markup {
  readonly value: string;
  readonly form: 'text' | 'html' | 'unsure';
}

/** An address to a picture or a file, with what the feed says of it. */
export interface MediaLink {
  readonly url: string;
  readonly type: string | null;
  /** In pixels, as written. */
  readonly width: string | null;
  readonly height: string | null;
}

/** One entry as its feed wrote it: decoded from XML or JSON, nothing judged yet. */
export interface RawEntry {
  readonly guid: string | null;
  /** The best address first; relative ones are relative to `base`. */
  readonly links: readonly string[];
  readonly title: Markup | null;
  readonly author: Markup | null;
  readonly summary: Markup | null;
  readonly content: Markup | null;
  readonly publishedAt: Date | null;
  readonly updatedAt: Date | null;
  readonly tags: readonly string[];
  /** Pictures the feed names as such, the best first. */
  readonly images: readonly MediaLink[];
  readonly enclosures: readonly MediaLink[];
  readonly base: URL;
}
