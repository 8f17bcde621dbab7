/** Where feeds live that no page tells of, the most usual first. */
const AT_ROOT = ['/feed', '/rss.xml', '/atom.xml', '/feed.xml', '/index.xml', '/rss', '/feed.json'];
/** What static site generators and blogs within a site write. */
const WITHIN = ['feed', 'index.xml', 'feed.xml'];
const STATUS_PAGE = ['/history.atom', '/history.rss'];
const BLOG = '/feeds/posts/default';
/** With the page itself, no site is asked more than eight times. */
const MAX_PATHS = 7;

/** Addresses worth asking for when a page names no feed: few, since its site is asked for each. */
export function commonFeedUrls(page: URL): URL[] {
  const folder = page.pathname.replace(/[^/]*\.[^/]*$/, '').replace(/\/?$/, '/');
  const within = folder === '/' ? [] : WITHIN.map((name) => folder + name);
  const special = page.hostname.startsWith('status.') ? STATUS_PAGE : [];
  const paths = [...new Set([...special, ...within, ...AT_ROOT, BLOG])].slice(0, MAX_PATHS);
  return paths.map((path) => new URL(path, page.origin));
}
