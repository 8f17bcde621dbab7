import type { ParseOutcome } from './feed-document.js';

/** What can be sent from thread to thread: addresses as text, because a URL arrives there as an empty object. */
export type Plain<T> = T extends URL
  ? string
  : T extends Date
    ? T
    : T extends object
      ? { readonly [K in keyof T]: Plain<T[K]> }
      : T;

/** An outcome as it is sent. */
export function plainOutcome(outcome: ParseOutcome): Plain<ParseOutcome> {
  if (outcome.kind !== 'parsed') return outcome;
  const { document } = outcome;
  return {
    kind: 'parsed',
    document: {
      ...document,
      siteUrl: document.siteUrl?.href ?? null,
      selfUrl: document.selfUrl?.href ?? null,
      hubs: document.hubs.map(({ href }) => href),
      entries: document.entries.map(({ digest, entry }) => ({
        digest,
        entry: entry && { ...entry, link: entry.link?.href ?? null, imageUrl: entry.imageUrl?.href ?? null },
      })),
    },
  };
}

/** The same outcome where it arrives. */
export function revivedOutcome(outcome: Plain<ParseOutcome>): ParseOutcome {
  if (outcome.kind !== 'parsed') return outcome;
  const { document } = outcome;
  return {
    kind: 'parsed',
    document: {
      ...document,
      siteUrl: revivedUrl(document.siteUrl),
      selfUrl: revivedUrl(document.selfUrl),
      hubs: document.hubs.map((href) => new URL(href)),
      entries: document.entries.map(({ digest, entry }) => ({
        digest,
        entry: entry && { ...entry, link: revivedUrl(entry.link), imageUrl: revivedUrl(entry.imageUrl) },
      })),
    },
  };
}

function revivedUrl(href: string | null): URL | null {
  return href === null ? null : new URL(href);
}
