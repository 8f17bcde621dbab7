import { isFrontPage, type KeyedEntry } from '../entry-keys.js';

/** By what a feed tells its entries apart, the best first, in the words of `why`. */
export const IDENTITY_MODES = {
  guid: 'their guids',
  link: 'their links, as its guids are missing or repeat themselves',
  'link+date': 'their links and dates, as neither guids nor links are enough',
  'title+date': 'their titles and dates, as neither guids nor links are of use',
  content: 'their words, as they have nothing else that differs',
} as const;
export type IdentityMode = keyof typeof IDENTITY_MODES;

/** A sign that so many entries have, each its own, names entries in this feed. */
const MOST_OF_ALL = 0.95;

/**
 * A diagnosis of a document for whoever looks into its feed, null for too few entries to tell. Entries are known again
 * by every sign they have, whatever this says: a mode would have to be right for all of them.
 */
export function identityModeOf(entries: readonly KeyedEntry[]): IdentityMode | null {
  if (entries.length < 2) return null;
  const tells = (signOf: (entry: KeyedEntry) => string | null): boolean => {
    const signs = entries.map(signOf).filter((sign) => sign !== null);
    return new Set(signs).size >= MOST_OF_ALL * entries.length;
  };
  if (tells(({ keys }) => hex(keys.guid))) return 'guid';
  if (tells(linkOf)) return 'link';
  if (tells((one) => dated(linkOf(one), one))) return 'link+date';
  if (tells(({ keys }) => hex(keys.titleDate))) return 'title+date';
  return 'content';
}

function linkOf({ entry, keys }: KeyedEntry): string | null {
  return isFrontPage(entry.link) ? null : hex(keys.link);
}

function dated(sign: string | null, { entry }: KeyedEntry): string | null {
  return sign === null || entry.publishedAt === null ? null : `${sign} ${entry.publishedAt.toISOString()}`;
}

function hex(key: Buffer | null): string | null {
  return key === null ? null : key.toString('hex');
}
