import { BlockList, isIP, isIPv4 } from 'node:net';
import { httpUrl } from '../../posts/http-url.js';

/** Addresses that lead nowhere public (IANA special-purpose registries). Mapped IPv4 is judged by the IPv4 rules. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** Tunnels and translators (NAT64, Teredo, 6to4, v4-compatible) are refused whole: each can carry a private IPv4. */
const SPECIAL_IPV6 = [
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:10::/28',
  '2001:20::/28',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** The only block that global unicast addresses are given from (RFC 4291). */
const GLOBAL_IPV6 = blockListOf(['2000::/3']);
const MAPPED_IPV4 = blockListOf(['::ffff:0:0/96']);

const SPECIAL = blockListOf([...SPECIAL_IPV4, ...SPECIAL_IPV6]);

/** Is this literal address one that anybody on the Internet may reach? False for what is no address. */
export function isPublicAddress(ip: string): boolean {
  if (isIPv4(ip)) return !SPECIAL.check(ip, 'ipv4');
  // A zone ("%eth0") only ever belongs to an address of the local network.
  if (isIP(ip) === 0 || ip.includes('%')) return false;
  const canonical = canonicalIpv6(ip);
  if (SPECIAL.check(canonical, 'ipv6')) return false;
  return MAPPED_IPV4.check(canonical, 'ipv6') || GLOBAL_IPV6.check(canonical, 'ipv6');
}

/** Lets the URL parser shorten it, so that `0:0:0:0:0:FFFF:…` and `::ffff:…` are one spelling. */
function canonicalIpv6(ip: string): string {
  return new URL(`http://[${ip}]/`).hostname.slice(1, -1);
}

/** What the operator opens beyond the public Internet. */
export interface AllowList {
  /** `host:port`, as the operator named them, lower case. */
  readonly hosts: ReadonlySet<string>;
  /** Address ranges, open on every port. */
  readonly ranges: BlockList;
}

export const NOTHING_ALLOWED: AllowList = { hosts: new Set(), ranges: new BlockList() };

/** Reads entries such as `rsshub.lan:1200`, `[fd00::1]:8080` and `100.64.0.0/10`. Problems are for the operator to read. */
export function parseAllowList(entries: readonly string[]): { readonly allow: AllowList; readonly problems: string[] } {
  const hosts = new Set<string>();
  const ranges: string[] = [];
  const problems: string[] = [];
  for (const entry of entries.map((one) => one.trim()).filter((one) => one !== '')) {
    const host = hostAndPort(entry);
    if (isCidr(entry)) ranges.push(entry);
    else if (host) hosts.add(host);
    else problems.push(`"${entry}" is neither host:port (rsshub.lan:1200) nor an address range (100.64.0.0/10)`);
  }
  return { allow: { hosts, ranges: blockListOf(ranges) }, problems };
}

function hostAndPort(entry: string): string | null {
  const found = /^(?<host>\[[\da-f:.]+\]|[^\s:/?#@[\]]+):(?<port>\d{1,5})$/i.exec(entry)?.groups;
  const port = Number(found?.['port'] ?? 0);
  const url = found && port > 0 ? httpUrl(`http://${found['host'] ?? ''}:${String(port)}/`) : null;
  return url && hostKey(url);
}

function isCidr(entry: string): boolean {
  const [address = '', prefix = '', ...rest] = entry.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;
  return isIP(address) !== 0 && Number(prefix) <= (isIPv4(address) ? 32 : 128);
}

function blockListOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix = ''] = cidr.split('/');
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** The rules that an address breaks before anything is resolved: scheme and user name. */
export function isAllowedUrl(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}

/** May a connection for `host:port` go to this address? Public ones on the ports of the web, and what the operator opens. */
export function isAllowedAddress(
  ip: string,
  target: { readonly host: string; readonly port: number },
  allow: AllowList,
): boolean {
  if (allow.hosts.has(`${bareHost(target.host)}:${String(target.port)}`) || inRanges(ip, allow)) return true;
  return isPublicAddress(ip) && (target.port === 80 || target.port === 443);
}

/** Is this a host of the operator's own, by name or by literal address? */
export function isAllowListed(url: URL, allow: AllowList): boolean {
  return allow.hosts.has(hostKey(url)) || inRanges(bareHost(url.hostname), allow);
}

function inRanges(ip: string, { ranges }: AllowList): boolean {
  return isIP(ip) !== 0 && !ip.includes('%') && ranges.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6');
}

function hostKey(url: URL): string {
  return `${bareHost(url.hostname)}:${String(portOf(url))}`;
}

/** Without the brackets of IPv6 and the root dot of `localhost.`: one name for one host. */
function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
