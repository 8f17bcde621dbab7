import { readLabel } from '../../src/chat/label.js';
import { fit } from '../../src/chat/shown-text.js';
import { isPublicName, webAddress } from '../../src/chat/web-address.js';
import { escapeMarkdown, maskedAddress, shownLink } from './escape.js';

/** Discord's limit of an address, in UTF-16 units. */
export const LONGEST_ADDRESS = 2048;
const IP_ADDRESS = /^(?:\[[\da-f:.]+\]|\d+\.\d+\.\d+\.\d+)$/i;

/** How a title and its address are to be shown together. */
export interface TitledLink {
  /** Escaped. Says which site it opens where it names another. */
  readonly title: string;
  /** What the title may be the link to; null where it must not be one. */
  readonly address: string | null;
  /** The address as text, where the title is not the link; empty otherwise. */
  readonly beside: string;
}

/**
 * The title is the link, unless it reads as an address of another site, or Discord would refuse the address in an embed
 * (names of one's own network).
 */
export function titledLink(title: string, url: URL | null, limits: { title: number; address: number }): TitledLink {
  const address = webAddress(url, limits.address);
  if (url === null || address === null) return { title: fit(title, limits.title, escapeMarkdown), address, beside: '' };
  const label = readLabel(title, url);
  if (label === 'poses' || !(isPublicName(url) || IP_ADDRESS.test(url.hostname))) {
    return { title: fit(title, limits.title, escapeMarkdown), address: null, beside: shownLink(address) };
  }
  if (label === 'plain') return { title: fit(title, limits.title, escapeMarkdown), address, beside: '' };
  const host = ` (${escapeMarkdown(url.host)})`;
  const room = limits.title - host.length;
  return room < MIN_TITLE
    ? { title: fit(title, limits.title, escapeMarkdown), address: null, beside: shownLink(address) }
    : { title: `${fit(title, room, escapeMarkdown)}${host}`, address, beside: '' };
}

const MIN_TITLE = 20;

/** The same in running text. */
export function linkedTitle(title: string, url: URL | null, limits: { title: number; address: number }): string {
  const { title: shown, address, beside } = titledLink(title, url, limits);
  if (beside !== '') return `${shown} ${beside}`;
  return address === null ? shown : `[${shown}](${maskedAddress(address)})`;
}
