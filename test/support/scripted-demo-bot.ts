import type { DemoBot, DemoBotSettings } from '../../src/demo/demo-bot.js';
import { later } from '../../src/clock.js';
import type { FeedId, SightingId } from '../../src/ids.js';
import type { PolledFeed } from '../../src/feeds/poll-feed.js';

export interface ScriptedDemoBot extends DemoBot {
  /** What the demo did, in order, with the virtual time: "2026-03-02T06:00 poll a.xml". */
  readonly diary: () => readonly string[];
}

/**
 * As much of a bot as the demo needs: it fetches over HTTP, knows an entry by its title, and tells one post in
 * `paceMs`. A document without "</rss>" cannot be read.
 */
export function createScriptedDemoBot(settings: DemoBotSettings, paceMs: number): ScriptedDemoBot {
  const { clock, write } = settings;
  const diary: string[] = [];
  const known = new Map<FeedId, Set<string>>();
  const posts = new Set<string>();
  const waiting: { title: string; dueAt: Date }[] = [];
  let sent = 0;
  let freeAt = clock();
  const note = (what: string): void => void diary.push(`${clock().toISOString().slice(0, 16)} ${what}`);

  const read = (id: FeedId, text: string): PolledFeed => {
    const before = known.get(id);
    const titles = [...text.matchAll(/<title>(.*?)<\/title>/g)].map(([, title = '']) => title);
    const fresh = titles.filter((title) => !before?.has(title));
    const newPosts = fresh.filter((title) => !posts.has(title));
    known.set(id, new Set([...(before ?? []), ...titles]));
    for (const title of newPosts) {
      posts.add(title);
      if (before) waiting.push({ title, dueAt: clock() });
    }
    const withheld = { rebuilt: 0, elsewhere: fresh.length - newPosts.length };
    const sightings = (before ? fresh : []) as SightingId[];
    return {
      kind: 'read',
      saved: { sightings, entries: titles.length, newPosts: newPosts.length, withheld, gap: false },
    };
  };

  return {
    where: 'Nowhere.',
    diary: () => diary,
    addFeed: (url) => {
      note(`add ${url.pathname}`);
      return Promise.resolve(url.href as FeedId);
    },
    subscribe: (channel, what) => {
      note(`subscribe ${channel} ${what.kind}`);
      return Promise.resolve();
    },
    poll: async (id) => {
      note(`poll ${new URL(id).pathname}`);
      const text = await (await fetch(id)).text();
      return text.includes('</rss>')
        ? read(id, text)
        : { kind: 'failed', outcome: 'failed', text: 'breaks off', mayPass: true };
    },
    settle: () => {
      for (let first = waiting[0]; first && first.dueAt <= clock(); first = waiting[0]) {
        if (freeAt > clock()) {
          waiting[0] = { ...first, dueAt: freeAt };
          break;
        }
        write(`${clock().toISOString().slice(0, 16)} ${first.title}\n`);
        sent += 1;
        freeAt = later(clock(), paceMs);
        waiting.shift();
      }
      return Promise.resolve();
    },
    nextDueAt: () => Promise.resolve(waiting[0]?.dueAt ?? null),
    totals: () =>
      Promise.resolve({
        posts: posts.size,
        deliveries: { held: 0, pending: waiting.length, sending: 0, unknown: 0, sent, abandoned: 0, digested: 0 },
      }),
    stop: () => {
      note('stop');
      return Promise.resolve();
    },
  };
}
