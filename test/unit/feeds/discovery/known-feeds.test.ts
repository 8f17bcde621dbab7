import { describe, expect, test } from '@jest/globals';
import { knownFeedsOf } from '../../../../src/feeds/discovery/known-feeds.js';

const CHANNEL = 'UCabcdefghijklmnopqrstuv';

describe('the feeds of well-known hosts', () => {
  test.each([
    [
      `https://www.youtube.com/channel/${CHANNEL}/videos`,
      [`https://www.youtube.com/feeds/videos.xml?channel_id=${CHANNEL}`],
    ],
    ['https://m.youtube.com/playlist?list=PL12', ['https://www.youtube.com/feeds/videos.xml?playlist_id=PL12']],
    ['https://www.youtube.com/user/nanog', ['https://www.youtube.com/feeds/videos.xml?user=nanog']],
    [
      'https://github.com/FRRouting/frr',
      [
        'https://github.com/FRRouting/frr/releases.atom',
        'https://github.com/FRRouting/frr/tags.atom',
        'https://github.com/FRRouting/frr/commits.atom',
      ],
    ],
    ['https://github.com/FRRouting/frr/releases', ['https://github.com/FRRouting/frr/releases.atom']],
    ['https://github.com/FRRouting/frr/commits/stable', ['https://github.com/FRRouting/frr/commits/stable.atom']],
    ['https://github.com/FRRouting', ['https://github.com/FRRouting.atom']],
    ['https://gitlab.com/a/b/c/-/tags', ['https://gitlab.com/a/b/c/-/tags?format=atom']],
    ['https://codeberg.org/a/b/releases', ['https://codeberg.org/a/b/releases.rss']],
    ['https://old.reddit.com/r/networking/', ['https://www.reddit.com/r/networking/.rss']],
    ['https://www.reddit.com/u/someone', ['https://www.reddit.com/user/someone/.rss']],
    ['https://social.example/@ops', ['https://social.example/@ops.rss']],
    ['https://social.example/@ops@other.example', ['https://other.example/@ops.rss']],
    ['https://bsky.app/profile/ops.example', ['https://bsky.app/profile/ops.example/rss']],
    ['https://medium.com/@someone', ['https://medium.com/feed/@someone']],
    ['https://medium.com/tag/bgp', ['https://medium.com/feed/tag/bgp']],
    ['https://noc.medium.com/a-post-1', ['https://noc.medium.com/feed']],
    ['https://noc.substack.com/p/1', ['https://noc.substack.com/feed']],
    ['https://noc.wordpress.com/', ['https://noc.wordpress.com/feed']],
    ['https://noc.blogspot.co.uk/2024/', ['https://noc.blogspot.co.uk/feeds/posts/default']],
    ['https://noc.tumblr.com/', ['https://noc.tumblr.com/rss']],
    ['https://serverfault.com/questions/tagged/bgp', ['https://serverfault.com/feeds/tag/bgp']],
    ['https://networkengineering.stackexchange.com/', ['https://networkengineering.stackexchange.com/feeds']],
    ['https://vimeo.com/noc', ['https://vimeo.com/noc/videos/rss']],
    ['https://dev.to/someone', ['https://dev.to/feed/someone']],
    ['https://pypi.org/project/bgpq/', ['https://pypi.org/rss/project/bgpq/releases.xml']],
  ])('%s', (page, feeds) => {
    expect(knownFeedsOf(new URL(page)).map(({ url }) => url.href)).toStrictEqual(feeds);
  });

  test.each([
    'https://www.youtube.com/@nanog',
    'https://www.youtube.com/watch?v=1',
    'https://github.com/features',
    'https://github.com/a/b/releases.atom',
    'https://github.com/a/b/issues/1',
    'https://www.reddit.com/r/networking/.rss',
    'https://news.ycombinator.com/',
    'https://vimeo.com/12345',
    'https://medium.com/feed/@someone',
    'https://noc.blogspot.com/feeds/posts/default',
    'https://social.example/@ops.rss',
    'https://social.example/@ops/112233',
    'https://blog.example/about',
  ])('%s: no rule', (page) => {
    expect(knownFeedsOf(new URL(page))).toStrictEqual([]);
  });
});
