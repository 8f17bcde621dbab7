import { generateOpml, parseOpml } from 'feedsmith';
import { cleanLine } from '../posts/clean-text.js';
import { canonicalUrl } from '../posts/canonical-url.js';
import { httpUrl } from '../posts/http-url.js';

export interface OpmlFeed {
  readonly url: URL;
  readonly title: string | null;
}

/** A line of the list that names no feed which could be followed. */
export interface SkippedLine {
  readonly label: string;
  readonly reason: string;
}

export interface OpmlList {
  readonly feeds: readonly OpmlFeed[];
  readonly skipped: readonly SkippedLine[];
}

const MAX_DEPTH = 20;
const MAX_LABEL_LENGTH = 200;

interface Outline {
  readonly text?: string | undefined;
  readonly title?: string | undefined;
  readonly xmlUrl?: string | undefined;
  readonly url?: string | undefined;
  readonly type?: string | undefined;
  readonly outlines?: readonly Outline[] | undefined;
}

/** The feeds of an OPML list (opml.org/spec2.opml), folders opened, each feed once. Null if the text is no OPML. */
export function readOpml(text: string): OpmlList | null {
  const outlines = parsedOutlines(text);
  if (!outlines) return null;
  const feeds = new Map<string, OpmlFeed>();
  const skipped: SkippedLine[] = [];
  for (const { label, address, isFolder } of flattened(outlines, 0).map(lineOf)) {
    const url = httpUrl(address);
    if (url) {
      const key = canonicalUrl(url);
      feeds.set(key, feeds.get(key) ?? { url, title: label || null });
    } else if (!isFolder) {
      skipped.push({ label: label || address || '(no name)', reason: reasonFor(address) });
    }
  }
  return { feeds: [...feeds.values()], skipped };
}

function lineOf({ title, text, xmlUrl, url, outlines = [] }: Outline): {
  readonly label: string;
  readonly address: string;
  readonly isFolder: boolean;
} {
  const address = (xmlUrl ?? url ?? '').trim();
  const label = cleanLine(title ?? text ?? '').slice(0, MAX_LABEL_LENGTH);
  return { label, address, isFolder: address === '' && outlines.length > 0 };
}

function reasonFor(address: string): string {
  return address === '' ? 'has no feed address' : `"${address.slice(0, MAX_LABEL_LENGTH)}" is no http or https address`;
}

function parsedOutlines(text: string): readonly Outline[] | null {
  try {
    return parseOpml(text).body?.outlines ?? [];
  } catch {
    return null;
  }
}

function flattened(outlines: readonly Outline[], depth: number): Outline[] {
  if (depth > MAX_DEPTH) return [];
  return outlines.flatMap((outline) => [outline, ...flattened(outline.outlines ?? [], depth + 1)]);
}

/** A list that any feed reader can take in. */
export function writeOpml(title: string, feeds: readonly OpmlFeed[]): string {
  return generateOpml({
    head: { title },
    body: {
      outlines: feeds.map(({ url, title: name }) => ({
        type: 'rss',
        text: name ?? url.href,
        title: name ?? url.href,
        xmlUrl: url.href,
      })),
    },
  });
}
