import { httpUrl } from '../../posts/http-url.js';
import type { FeedCandidate } from './feed-candidates.js';

/** One host's rule: feeds by the segments of a path. */
interface Rule {
  readonly host: RegExp;
  readonly feeds: (page: Page) => readonly Found[];
}

interface Page {
  readonly url: URL;
  /** `['user', 'repo']` of `/user/repo/`. */
  readonly path: readonly string[];
}

/** An address, absolute or relative to the page's origin, and what it holds. */
type Found = readonly [address: string, title: string];

const RULES: readonly Rule[] = [
  { host: /^(?:www\.|m\.)?youtube\.com$/, feeds: youtube },
  { host: /^(?:www\.)?github\.com$/, feeds: github },
  { host: /^gist\.github\.com$/, feeds: ({ path: [user] }) => (user ? [[`/${user}.atom`, `Gists of ${user}`]] : []) },
  { host: /^gitlab\.com$/, feeds: gitlab },
  { host: /^(?:codeberg\.org|gitea\.com)$/, feeds: forgejo },
  { host: /^(?:(?:www|old|new)\.)?reddit\.com$/, feeds: reddit },
  {
    host: /^bsky\.app$/,
    feeds: ({ path: [kind, name] }) => (kind === 'profile' && name ? [[`/profile/${name}/rss`, name]] : []),
  },
  { host: /^(?:www\.)?medium\.com$/, feeds: medium },
  { host: /^[\w-]+\.medium\.com$/, feeds: ({ path: [first] }) => (first === 'feed' ? [] : [['/feed', 'Posts']]) },
  {
    host: /^[\w-]+\.(?:substack|wordpress)\.com$/,
    feeds: ({ path: [first] }) => (first === 'feed' ? [] : [['/feed', 'Posts']]),
  },
  {
    host: /^[\w-]+\.blogspot\.(?:com|[a-z]{2}|com?\.[a-z]{2})$/,
    feeds: ({ path: [first] }) => (first === 'feeds' ? [] : [['/feeds/posts/default', 'Posts']]),
  },
  {
    host: /^(?!www\.)[\w-]+\.tumblr\.com$/,
    feeds: ({ path: [first] }) => (first === 'rss' ? [] : [['/rss', 'Posts']]),
  },
  {
    host: /^(?:stackoverflow|serverfault|superuser|askubuntu)\.com$|^mathoverflow\.net$|\.stackexchange\.com$/,
    feeds: stackExchange,
  },
  { host: /^(?:www\.)?vimeo\.com$/, feeds: vimeo },
  {
    host: /^dev\.to$/,
    feeds: ({ path: [user, more] }) =>
      user && !more && user !== 'feed' ? [[`/feed/${user}`, `Posts of ${user}`]] : [],
  },
  {
    host: /^pypi\.org$/,
    feeds: ({ path: [kind, name] }) =>
      kind === 'project' && name ? [[`/rss/project/${name}/releases.xml`, `Releases of ${name}`]] : [],
  },
];

/**
 * The feeds that well-known hosts keep for a page, by its address alone. Empty for other hosts, for pages whose feed
 * only the page itself tells, and for what is a feed's address already.
 */
export function knownFeedsOf(url: URL): FeedCandidate[] {
  const path = url.pathname.split('/').filter(Boolean);
  const rule = RULES.find(({ host }) => host.test(url.hostname));
  const found = rule ? rule.feeds({ url, path }) : fediverse({ url, path });
  return found.flatMap(([address, title]) => {
    const feed = httpUrl(address, new URL(url.origin));
    return feed && feed.href !== url.href ? [{ url: feed, title, format: null }] : [];
  });
}

/** A page of `@handle` or `/c/name` names its channel only in itself. */
function youtube({ url, path: [kind, name] }: Page): readonly Found[] {
  const videos = 'https://www.youtube.com/feeds/videos.xml?';
  const list = url.searchParams.get('list');
  if (kind === 'channel' && name && /^UC[\w-]{22}$/.test(name)) return [[`${videos}channel_id=${name}`, 'Videos']];
  if (kind === 'user' && name) return [[`${videos}user=${encodeURIComponent(name)}`, 'Videos']];
  if (kind === 'playlist' && list !== null) return [[`${videos}playlist_id=${encodeURIComponent(list)}`, 'Playlist']];
  return [];
}

/** First words of addresses on github.com that are no user. */
const GITHUB_PAGES =
  /^(?:about|apps|blog|collections|contact|customer-stories|enterprise|events|explore|features|issues|login|marketplace|new|notifications|orgs|pricing|pulls|search|security|settings|site|sponsors|stars|topics|trending)$/;

function github({ path }: Page): readonly Found[] {
  const [user, repo, page, branch] = path;
  if (!user || GITHUB_PAGES.test(user) || path.at(-1)?.endsWith('.atom')) return [];
  return repo
    ? githubRepository(`/${user}/${repo.replace(/\.git$/, '')}`, page, branch)
    : [[`/${user}.atom`, `What ${user} does`]];
}

function githubRepository(at: string, page: string | undefined, branch: string | undefined): readonly Found[] {
  const releases: Found = [`${at}/releases.atom`, 'Releases'];
  const tags: Found = [`${at}/tags.atom`, 'Tags'];
  const commits: Found = [branch === undefined ? `${at}/commits.atom` : `${at}/commits/${branch}.atom`, 'Commits'];
  switch (page) {
    case 'releases':
      return [releases];
    case 'tags':
      return [tags];
    case 'commits':
      return [commits];
    case 'wiki':
      return [[`${at}/wiki.atom`, 'Wiki']];
    case undefined:
    case 'tree':
      return [releases, tags, commits];
    default:
      return [];
  }
}

/** Groups nest, so a project's own pages stand behind "/-/". */
function gitlab({ path }: Page): readonly Found[] {
  const own = path.indexOf('-');
  const project = own < 0 ? path : path.slice(0, own);
  const at = `/${project.join('/')}`;
  const page = own < 0 ? undefined : path[own + 1];
  if (project.length === 0 || at.endsWith('.atom')) return [];
  if (project.length === 1) return [[`${at}.atom`, `What ${at.slice(1)} does`]];
  const releases: Found = [`${at}/-/releases.atom`, 'Releases'];
  const tags: Found = [`${at}/-/tags?format=atom`, 'Tags'];
  if (page === undefined) return [releases, tags, [`${at}.atom`, 'All that happens']];
  if (page === 'releases') return [releases];
  return page === 'tags' ? [tags] : [];
}

function forgejo({ path: [user, repo, page] }: Page): readonly Found[] {
  if (!user || /\.(?:rss|atom)$/.test([user, repo, page].join('/'))) return [];
  if (!repo) return [[`/${user}.rss`, `What ${user} does`]];
  const releases: Found = [`/${user}/${repo}/releases.rss`, 'Releases'];
  const tags: Found = [`/${user}/${repo}/tags.rss`, 'Tags'];
  if (page === undefined) return [releases, tags, [`/${user}/${repo}.rss`, 'All that happens']];
  if (page === 'releases') return [releases];
  return page === 'tags' ? [tags] : [];
}

function reddit({ path }: Page): readonly Found[] {
  const [kind = '', name, ...rest] = path;
  if (!name || rest.at(-1) === '.rss' || name.endsWith('.rss')) return [];
  if (kind === 'r') return [[`https://www.reddit.com/r/${[name, ...rest].join('/')}/.rss`, `r/${name}`]];
  return kind === 'u' || kind === 'user' ? [[`https://www.reddit.com/user/${name}/.rss`, `u/${name}`]] : [];
}

function medium({ path: [first, second] }: Page): readonly Found[] {
  if (!first || first === 'feed' || first === 'm') return [];
  if (first === 'tag') return second ? [[`/feed/tag/${second}`, `Posts on ${second}`]] : [];
  return [[`/feed/${first}`, `Posts of ${first}`]];
}

function stackExchange({ path: [kind, id, tag] }: Page): readonly Found[] {
  if (kind === undefined) return [['/feeds', 'New questions']];
  if (kind === 'users' && id) return [[`/feeds/user/${id}`, 'What this person writes']];
  if (kind !== 'questions' || !id) return [];
  if (id === 'tagged') return tag ? [[`/feeds/tag/${tag}`, `Questions on ${decodeURIComponent(tag)}`]] : [];
  return /^\d+$/.test(id) ? [[`/feeds/question/${id}`, 'Answers to this question']] : [];
}

function vimeo({ path: [first, second] }: Page): readonly Found[] {
  if (!first || /^\d+$/.test(first)) return [];
  if (first === 'channels') return second ? [[`/channels/${second}/videos/rss`, 'Videos']] : [];
  return second === undefined ? [[`/${first}/videos/rss`, 'Videos']] : [];
}

/** `/@user` is what Mastodon calls a person's page; a person of another server has the feed there. */
function fediverse({ path: [first, second] }: Page): readonly Found[] {
  const [, user = '', home] = /^@(\w[\w.-]*)(?:@([\w.-]+\.[a-z]+))?$/.exec(first ?? '') ?? [];
  if (user === '' || second !== undefined || user.endsWith('.rss')) return [];
  return [[home === undefined ? `/@${user}.rss` : `https://${home}/@${user}.rss`, `@${user}`]];
}
