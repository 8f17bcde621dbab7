import { respond, type FeedServer } from './feed-server.js';

/** An RSS feed that its publisher adds to: the newest posts, the newest first. */
export interface GrowingFeed {
  readonly url: URL;
  readonly titles: readonly string[];
  readonly publish: (title: string) => void;
}

/** More than any test publishes while its bot is down: what leaves a window unseen is nobody's to find. */
const WINDOW = 500;

export function growingFeed(server: FeedServer, name: string): GrowingFeed {
  const titles: string[] = [];
  const show = () => {
    const items = titles.map((title, index) => itemOf(name, title, index)).slice(-WINDOW);
    const body = `<rss version="2.0"><channel><title>Feed ${name}</title>${items.reverse().join('')}</channel></rss>`;
    server.on(
      `/${name}`,
      respond(200, { 'content-type': 'application/rss+xml', etag: `"${String(titles.length)}"` }, body),
    );
  };
  show();
  return {
    url: server.url(`/${name}`),
    titles,
    publish: (title) => {
      titles.push(title);
      show();
    },
  };
}

function itemOf(feed: string, title: string, index: number): string {
  const link = `https://blog.example/${feed}/${String(index)}`;
  const date = new Date(Date.UTC(2026, 0, 1, 0, index)).toUTCString();
  return `<item><title>${title}</title><link>${link}</link><guid>${link}</guid><pubDate>${date}</pubDate></item>`;
}
