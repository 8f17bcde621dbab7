import { getDomain, parse } from 'tldts';

/**
 * What a link's label says about where it leads:
 * - `plain`: nothing, or the truth.
 * - `mentions`: a sentence that names another site ("Example.com was down").
 * - `poses`: it reads as the address of another site.
 */
export type Label = 'plain' | 'mentions' | 'poses';

/** Longer labels are cut before they are shown. */
const READ = 600;
/** Characters that browsers take, and people read, as the dot, slash or colon of an address, besides their wide forms. */
const LIKE: readonly (readonly [RegExp, string])[] = [
  [/[\u3002\u2024\u2e31\u00b7\ua4f8]/g, '.'],
  [/[\u2044\u2215\u29f8\u2571]/g, '/'],
  [/[\u02d0\ua789\u2236\u05c3]/g, ':'],
];
const WITH_SCHEME = /[\p{L}\p{N}+.-]+:[/\\]{1,3}([^\s/\\?#]+)/gu;
const NAME = /((?:[\p{L}\p{M}\p{N}_-]+\.)+\p{L}[\p{L}\p{M}\p{N}-]+)\.?(:\d+)?([/\\?#])?/gu;
const EDGES = /^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu;

/** What people would take `label`, shown as the link to `url`, to open. */
export function readLabel(label: string, url: URL): Label {
  const text = folded(label);
  const written = [...text.matchAll(WITH_SCHEME)].map(([, host = '']) => host);
  if (written.some((host) => host.includes('@') || !isSameSite(host.replace(/:\d*$/, ''), url))) return 'poses';
  const names = [...text.matchAll(NAME)].filter(([, host = '']) => isName(host) && !isSameSite(host, url));
  if (names.length === 0) return 'plain';
  const whole = text.replace(EDGES, '');
  const poses = names.some(
    ([found, host = '', port, path]) =>
      port !== undefined || path !== undefined || host.startsWith('www.') || found.replace(EDGES, '') === whole,
  );
  return poses ? 'poses' : 'mentions';
}

function folded(label: string): string {
  const text = label.slice(0, READ).normalize('NFKC').toLowerCase();
  return LIKE.reduce((read, [like, mark]) => read.replace(like, mark), text);
}

/** "Node.js" and "e.g" are no names of hosts; "booking.com" and "asp.net" are. */
function isName(host: string): boolean {
  const { isIcann, isPrivate, domain } = parse(host, { allowPrivateDomains: true });
  return host.startsWith('www.') || (domain !== null && (isIcann === true || isPrivate === true)) || isReserved(host);
}

/** Names kept for documents and private networks (RFC 2606, RFC 6762) are in no list. */
function isReserved(host: string): boolean {
  return /\.(?:example|test|invalid|localhost|local|internal|onion)$/.test(host);
}

/** One host, or one below the other. */
function isSameSite(named: string, { hostname }: URL): boolean {
  const host = asciiOf(named);
  if (host === null) return false;
  const target = hostname.replace(/\.$/, '');
  if (host === target) return true;
  const [shorter, longer] = host.length < target.length ? [host, target] : [target, host];
  const owned = isReserved(shorter) || getDomain(shorter, { allowPrivateDomains: true }) !== null;
  return owned && longer.endsWith(`.${shorter}`);
}

/** In letters of other scripts, as browsers look it up; null for what is no host. */
function asciiOf(named: string): string | null {
  const address = `http://${named}/`;
  return URL.canParse(address) ? new URL(address).hostname.replace(/\.$/, '') : null;
}
