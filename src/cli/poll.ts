import type { FeedFailure, PolledNow } from '../feeds/poll-result.js';
import type { FeedId } from '../ids.js';
import { counted } from './counted.js';
import { print, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { createProgress, SILENT } from './progress.js';
import type { CliSession } from './session.js';
import { oneLine } from './table.js';
import { relative } from './times.js';

interface Polled {
  readonly id: FeedId;
  readonly url: URL;
  readonly title: string | null;
}

interface How {
  readonly context: CliContext;
  readonly options: JsonOption;
}

/** Feeds polled at a time: different hosts mostly, and a slow one must not hold up the rest. */
const AT_ONCE = 8;

/** @throws CliError when the feed failed. */
export async function pollOne(session: CliSession, feed: Polled, { context, options }: How): Promise<void> {
  const result = await session.pollNow(feed.id);
  if (result.kind === 'failed') failFeed(result);
  print(context.io, options, { value: json(feed, result), text: `${lineOf(feed, result, session.clock())}\n` });
}

/** Tells of each feed as it is done. A feed that failed is no failure of the command, unless all of them did. */
export async function pollAll(session: CliSession, feeds: readonly Polled[], { context, options }: How): Promise<void> {
  const progress = options.json ? SILENT : createProgress(context.io, 'Polling', feeds.length);
  const results: { readonly feed: Polled; readonly result: PolledNow }[] = [];
  const waiting = [...feeds];
  const work = async (): Promise<void> => {
    for (let feed = waiting.shift(); feed !== undefined; feed = waiting.shift()) {
      const result = await session.pollNow(feed.id);
      results.push({ feed, result });
      progress.tick(lineOf(feed, result, session.clock()));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    progress.end();
  }
  const value = results.map(({ feed, result }) => json(feed, result));
  print(context.io, options, { value, text: summary(results.map(({ result }) => result)) });
  failIfNoneWorked(results.map(({ result }) => result));
}

/** @throws CliError always */
export function failFeed({ text, mayPass }: FeedFailure): never {
  throw new CliError(mayPass ? EXIT.unavailable : EXIT.badInput, text);
}

function failIfNoneWorked(results: readonly PolledNow[]): void {
  const failures = results.filter((result) => result.kind === 'failed');
  if (results.length === 0 || failures.length < results.length) return;
  const mayPass = failures.some((failure) => failure.mayPass);
  failFeed({ kind: 'failed', text: 'no feed could be polled. tidings feed list says how each one is', mayPass });
}

function lineOf({ title, url }: Polled, result: PolledNow, now: Date): string {
  return `${oneLine(title ?? url.href)}: ${oneLine(outcome(result, now))}`;
}

function outcome(result: PolledNow, now: Date): string {
  switch (result.kind) {
    case 'polled':
      return result.newPosts > 0 ? `${result.text}, ${counted(result.newPosts, 'new post', 'new posts')}` : result.text;
    case 'too-soon':
      return `${result.text} (next poll ${relative(result.nextPollAt, now)})`;
    case 'skipped':
    case 'failed':
      return result.text;
  }
}

function summary(results: readonly PolledNow[]): string {
  const newPosts = results.reduce((sum, result) => sum + (result.kind === 'polled' ? result.newPosts : 0), 0);
  const count = (kind: PolledNow['kind']): number => results.filter((result) => result.kind === kind).length;
  const waiting = count('too-soon') + count('skipped');
  const parts = [`${counted(count('polled'), 'feed', 'feeds')} polled`, counted(newPosts, 'new post', 'new posts')];
  if (waiting > 0) parts.push(`${String(waiting)} not due`);
  if (count('failed') > 0) parts.push(`${String(count('failed'))} failed`);
  return `${parts.join(', ')}.\n`;
}

function json({ url, title }: Polled, result: PolledNow): object {
  return { url, title, ...result };
}
