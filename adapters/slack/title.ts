import { readLabel } from '../../src/chat/label.js';
import { shownLine } from '../../src/chat/shown-text.js';
import { link, linkAddress, mrkdwn } from './escape.js';

export interface TitleLimits {
  readonly title: number;
  readonly address: number;
}

/**
 * A linked title. One that names another site than it opens says which; one that reads as an address of that site is
 * not the link.
 */
export function titleLink(title: string, url: URL | null, limits: TitleLimits): string {
  const shown = shownLine(title) || '(untitled)';
  const address = linkAddress(url, limits.address);
  if (url === null || address === null) return mrkdwn(shown, limits.title);
  switch (readLabel(shown, url)) {
    case 'plain':
      return link(address, shown, limits.title);
    case 'mentions':
      return `${link(address, shown, limits.title)} (${mrkdwn(url.host, limits.title)})`;
    case 'poses':
      return `${mrkdwn(shown, limits.title)} ${link(address, url.host, limits.title)}`;
  }
}
