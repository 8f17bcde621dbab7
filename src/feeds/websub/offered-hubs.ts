import type { FeedDocument } from '../reading/feed-document.js';
import { parseLinkHeader } from '../fetching/link-header.js';

/** Where a feed offers to be pushed from (WebSub §4). */
export interface OfferedHubs {
  /** Any of them will do; those reached over TLS stand first, else in the publisher's order. Never empty. */
  readonly hubs: readonly URL[];
  /** What to subscribe to there. */
  readonly topic: URL;
}

/** What a poll showed of a feed. */
export interface ShownLinks {
  readonly linkHeader: string | null;
  /** Where the redirects of the poll ended. */
  readonly url: URL;
  readonly document: Pick<FeedDocument, 'hubs' | 'selfUrl'>;
}

/** The hubs that a feed names, or null. What the `Link` header says comes before what the document says. */
export function offeredHubs({ linkHeader, url, document }: ShownLinks): OfferedHubs | null {
  const links = linkHeader === null ? [] : parseLinkHeader(linkHeader, url);
  const named = (rel: string) => links.filter(({ rels }) => rels.includes(rel)).map((link) => link.url);
  const inHeader = named('hub');
  const hubs = (inHeader.length > 0 ? inHeader : document.hubs).filter(isUsable);
  const topic = named('self')[0] ?? document.selfUrl ?? url;
  return hubs.length === 0 ? null : { hubs: secureFirst(hubs), topic: withoutFragment(topic) };
}

function isUsable(hub: URL): boolean {
  return (hub.protocol === 'https:' || hub.protocol === 'http:') && hub.username === '' && hub.password === '';
}

function secureFirst(hubs: readonly URL[]): URL[] {
  const isSecure = (hub: URL) => hub.protocol === 'https:';
  return [...hubs.filter(isSecure), ...hubs.filter((hub) => !isSecure(hub))];
}

/** A fragment never reaches a server, and a hub knows its topics by the address that servers see. */
function withoutFragment(url: URL): URL {
  const bare = new URL(url);
  bare.hash = '';
  return bare;
}
