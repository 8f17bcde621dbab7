import { createHash } from 'node:crypto';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const BEGIN = Date.UTC(2026, 2, 1, 12);
/** Entries leave the window after so many rounds: what was missed then is missed for good. */
const SHOWN_FOR = 2;

/** Rounds are four hours apart. */
export function roundBegins(round: number): Date {
  return new Date(BEGIN + round * 4 * HOUR_MS);
}

/** A feed that is empty when it is added in this round, and gets its first entry in the next. */
export function lateFeed(round: number): string {
  return `late-${String(round)}`;
}

/**
 * The document of a feed in a round. `edited` brings two articles a round and corrects the titles of the last two;
 * `rebuilt` brings one of its own and one that `edited` has, and gives all its entries new guids each time; `still`
 * never changes.
 */
export function documentOf(feed: string, round: number): string {
  return rss(feed, itemsOf(feed, round));
}

interface Item {
  readonly guid: string;
  readonly link: string;
  readonly title: string;
  readonly at: Date;
}

function itemsOf(feed: string, round: number): Item[] {
  if (feed === 'still') return [item('still', 0, 0)];
  if (feed === 'edited') return recent(round).flatMap((each) => [1, 0].map((number) => edited(each, number, round)));
  if (feed === 'rebuilt') return recent(round).flatMap((each) => rebuilt(each, round));
  const addedIn = Number(feed.split('-')[1]);
  return round > addedIn ? [item(feed, round, 0)] : [];
}

function recent(round: number): number[] {
  return Array.from({ length: SHOWN_FOR + 1 }, (_, ago) => round - ago);
}

function edited(broughtIn: number, number: number, round: number): Item {
  const one = item('edited', broughtIn, number);
  return broughtIn === round ? one : { ...one, title: one.title.replace('routre', 'router') };
}

function rebuilt(broughtIn: number, round: number): Item[] {
  return [item('rebuilt', broughtIn, 2), edited(broughtIn, 0, round)].map((one) => ({
    ...one,
    guid: `build-${String(round)}:${one.link}`,
  }));
}

function item(feed: string, round: number, number: number): Item {
  const name = `${feed}-${String(round)}-${String(number)}`;
  const link = `https://blog.example/${name}`;
  const at = new Date(roundBegins(round).getTime() - HOUR_MS + number * MINUTE_MS);
  return { guid: link, link, title: `${wordsOf(name, 3)} routre ${name}`, at };
}

/** Words that no other article has. */
function wordsOf(name: string, count: number): string {
  const letters = createHash('shake256', { outputLength: count * 4 })
    .update(name)
    .digest('hex');
  return (letters.match(/.{8}/g) ?? [])
    .map((word) => word.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? ''))
    .join(' ');
}

function rss(feed: string, items: readonly Item[]): string {
  const entries = items.map(
    ({ guid, link, title, at }) =>
      `<item><title>${title}</title><link>${link}</link><guid isPermaLink="false">${guid}</guid>` +
      `<pubDate>${at.toUTCString()}</pubDate><description>${wordsOf(link, 60)}</description></item>`,
  );
  return `<rss version="2.0"><channel><title>${feed}</title>${entries.join('')}</channel></rss>`;
}
