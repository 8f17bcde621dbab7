import type { ImageTag } from './text/html-to-text.js';
import { httpUrl } from './http-url.js';
import type { MediaLink } from './raw-entry.js';

/** In pixels. Anything smaller counts readers or decorates a list. */
const MIN_PICTURE_SIZE = 48;
/** In pixels. Chats show no more. */
const MAX_USEFUL_WIDTH = 1_600;

/** Whole names of files: "pixel" within a name may be a telephone. */
const COUNTERS =
  /(?:^|[/.])(?:pixel|beacon|spacer|blank|clear|cleardot|transparent|trans|tracker|tracking|track|1x1|[01]px|count|counter|hit|mf|pix|dot|placeholder|lazy|lazyload|loading|open|stats?|webbug|cpx|tr|ads?)(?:\.(?:gif|png|jpe?g|webp|php|aspx?|cgi))?\/?$/i;
const COUNTING_FOLDERS = /\/(?:~[a-z]{1,2}|1x1|ads?|adserver|pixels?|beacons?|track(?:ing|er)?)(?=[/.])/i;
const COUNTING_HOST =
  /(?:^|\.)(?:pixel\.wp\.com|stats\.(?:wordpress|wp)\.com|feeds\.(?:wordpress|feedburner)\.com|feedsportal\.com|doubleclick\.net|google(?:syndication|adservices|-analytics)\.com|googleads\.[\w.]+|pixel\.[\w.-]+|scorecardresearch\.com|quantserve\.com|statcounter\.com|histats\.com|hitwebcounter\.com|vgwort\.de|ivwbox\.de|xiti\.com|list-manage\.com|awstrack\.me|eotrx\.substackcdn\.com|open\.substack\.com|pheedo\.com|buysellads\.[a-z]+|analytics\.[\w.-]+|matomo\.[\w.-]+|piwik\.[\w.-]+|metrics\.[\w.-]+|counter\.[\w.-]+|ads?\.[\w.-]+|track(?:ing|er)?\.[\w.-]+)$/i;
const COUNTING_PATH =
  /(?:^|\/)(?:matomo|piwik)\.php|medium\.com\/_\/stat|blogger\.googleusercontent\.com\/tracker\/|\/wf\/open|\/track\/open/i;
const DECORATING_HOST =
  /(?:^|\.)(?:gravatar\.com|s\.w\.org|img\.shields\.io|badgen\.net|badge\.fury\.io|badges\.[\w.-]+|travis-ci\.(?:org|com)|codecov\.io|coveralls\.io|hits\.[\w.-]+|visitor-badge\.[\w.-]+|api\.flattr\.com|button\.flattr\.com)$/i;
const DECORATING_PATH =
  /\.(?:svgz?|ico)$|\/(?:t?wemoji|emojis?|smil(?:ey|ie)s?|avatars?|social[-_]?icons?|share[-_]?icons?|icons\/(?:social|share))\/|[/_-](?:avatar|favicon|flattr-badge[\w-]*|badge|gravatar)\.\w{3,4}$|\/(?:(?:icon|share|btn|button|logo)[-_]?)?(?:facebook|fb|twitter|tweet|linkedin|reddit|pinterest|whatsapp|telegram|tumblr|digg|delicious|stumbleupon|email|print|rss|feed|share|like|googleplus|gplus)(?:[-_]?(?:icon|logo|share|button|btn|small|\d{1,3}(?:x\d{1,3})?))*\.(?:png|gif|jpe?g|webp)$/i;
const DECORATING_CLASS =
  /(?:^|\s)(?:wp-smiley|emoji|twemoji|avatar[\w-]*|gravatar|icon|favicon|badge|smiley|tracking-pixel)(?=\s|$)/i;
const TINY_QUERY = /[?&](?:w|h|width|height)=[01](?:&|$)/i;

const MAX_ADDRESS_LENGTH = 2_000;
const LAZY_SOURCES = ['data-src', 'data-lazy-src', 'data-original', 'data-orig-file', 'data-lazy', 'data-full-url'];
const SOURCE_SETS = ['srcset', 'data-srcset', 'data-lazy-srcset'];

/** The first that is a picture: of those the feed names, then of those within the text. */
export function pictureOf(named: readonly MediaLink[], shown: readonly ImageTag[], base: URL): URL | null {
  for (const { url, width, height } of named) {
    const picture = isLarge(width) && isLarge(height) ? pictureAt(url, base) : null;
    if (picture) return picture;
  }
  for (const tag of shown) {
    const picture = pictureOfTag(tag, base);
    if (picture) return picture;
  }
  return null;
}

/** The address, absolute, if what stands there may be a picture rather than a counter of readers or a decoration. */
export function pictureAt(address: string, base: URL): URL | null {
  const url = address.trim() === '' ? null : httpUrl(address.trim(), base);
  return url && url.href.length <= MAX_ADDRESS_LENGTH && !counts(url) && !decorates(url) ? url : null;
}

function counts({ hostname, pathname, search }: URL): boolean {
  return (
    COUNTING_HOST.test(hostname) ||
    COUNTERS.test(pathname) ||
    COUNTING_FOLDERS.test(pathname) ||
    COUNTING_PATH.test(hostname + pathname) ||
    TINY_QUERY.test(search)
  );
}

function decorates({ hostname, pathname }: URL): boolean {
  return DECORATING_HOST.test(hostname) || DECORATING_PATH.test(pathname);
}

function pictureOfTag(tag: ImageTag, base: URL): URL | null {
  const style = tag['style'] ?? '';
  const sizes = [tag['width'], tag['height'], styled('width', style), styled('height', style)];
  if (!sizes.every((size) => isLarge(size ?? null))) return null;
  if (DECORATING_CLASS.test(tag['class'] ?? '') || /^(?:presentation|none)$/.test(tag['role'] ?? '')) return null;
  const sources = [
    tag['src'] ?? '',
    ...LAZY_SOURCES.map((name) => tag[name] ?? ''),
    ...SOURCE_SETS.map((name) => bestOf(tag[name] ?? '')),
  ];
  for (const source of sources) {
    const picture = pictureAt(source, base);
    if (picture) return picture;
  }
  return null;
}

/** A size that says nothing, in percent for example, says nothing against the picture. */
function isLarge(size: string | null): boolean {
  return size === null || !/^\s*\d+(?:\.\d+)?(?:px)?\s*$/.test(size) || parseInt(size, 10) >= MIN_PICTURE_SIZE;
}

function styled(property: 'width' | 'height', style: string): string | undefined {
  return new RegExp(`(?:^|[;\\s])(?:max-)?${property}\\s*:\\s*(\\d+)px`, 'i').exec(style)?.[1];
}

/** Of a source set (HTML, 4.8.4.2.1) the widest picture of use, else the narrowest. */
function bestOf(sourceSet: string): string {
  const sources = sourceSet
    .slice(0, 10_000)
    .split(/,\s+|(?<=\s\d{1,5}[wx]),/)
    .map((source) => source.trim().split(/\s+/))
    .map(([url = '', size = '1x']) => ({ url, width: size.endsWith('w') ? parseInt(size, 10) : parseFloat(size) }))
    .filter(({ url, width }) => url !== '' && width > 0)
    .sort((a, b) => a.width - b.width);
  return (sources.filter(({ width }) => width <= MAX_USEFUL_WIDTH).at(-1) ?? sources[0])?.url ?? '';
}
