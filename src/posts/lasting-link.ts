import { isIP } from 'node:net';

/**
 * The link to keep for an entry that shows another one now: a site that its author built on the way home links to
 * "localhost" until it is built again.
 */
export function lastingLink(now: URL | null, before: URL | null): URL | null {
  return now && before && namesMachine(now) && !namesMachine(before) ? before : now;
}

function namesMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) > 0;
}
