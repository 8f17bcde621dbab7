import { getDomain } from 'tldts';

/** Whom a request disturbs. */
export interface Origin {
  /** `https://blog.example.co.uk:8443` */
  readonly origin: string;
  /** `example.co.uk`: what one house registers; the host itself when it has no such name. */
  readonly domain: string;
}

/**
 * Hosting platforms count as one house (`a.github.io`, `b.github.io`): their machines are the same, whatever the private
 * section of the Public Suffix List calls them.
 */
export function originOf(url: URL): Origin {
  return { origin: url.origin, domain: getDomain(url.hostname) ?? url.hostname };
}
