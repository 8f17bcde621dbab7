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

type Results = ReadonlyMap<FeedId, PolledNow>;

/** With more feeds than that, what went well is only counted. */
const MANY = 100;

/** @throws CliError when the feed failed. */
export async function pollOne(session: CliSession, feed: Polled, { context, options }: How): Promise<void> {
  const result = await session.pollNow(feed.id);
  if (result.kind === 'failed') failFeed(result);
  print(context.io, options, { value: json(feed, result), text: `${lineOf(feed, result, session.clock())}\n` });
}

/**
 * Tells of each feed as it is done; Ctrl-C leaves the rest to the bot. Returns what each came to. A feed that failed is
 * no failure of the command.
 */
export async function pollAll(session: CliSession, feeds: readonly Polled[], how: How): Promise<Results> {
  const { io } = how.context;
  const results = new Map<FeedId, PolledNow>();
  if (feeds.length === 0) return results;
  const byId = new Map(feeds.map((feed) => [feed.id, feed]));
  const progress = how.options.json ? SILENT : createProgress(io, 'Polling', feeds.length);
  const signal = io.interrupted();
  signal.addEventListener('abort', () => {
    io.writeError('\nStopping: what is being polled ends first.\n');
  });
  const onPolled = (id: FeedId, result: PolledNow): void => {
    const feed = byId.get(id);
    results.set(id, result);
    if (feed) progress.tick(worthTelling(feeds, result) ? lineOf(feed, result, session.clock()) : '');
  };
  try {
    await session.pollMany([...byId.keys()], { signal, onPolled });
  } finally {
    progress.end();
  }
  return results;
}

function worthTelling(feeds: readonly Polled[], result: PolledNow): boolean {
  return feeds.length <= MANY || result.kind === 'failed';
}

/** What polling came to: counts, and how many are left to the bot. */
export function pollSummary(feeds: readonly Polled[], polled: Results): string {
  const results = [...polled.values()];
  const newPosts = results.reduce((sum, result) => sum + (result.kind === 'polled' ? result.newPosts : 0), 0);
  const count = (kind: PolledNow['kind']): number => results.filter((result) => result.kind === kind).length;
  const waiting = count('too-soon') + count('skipped');
  const parts = [`${counted(count('polled'), 'feed', 'feeds')} polled`, counted(newPosts, 'new post', 'new posts')];
  if (waiting > 0) parts.push(`${String(waiting)} not due`);
  if (count('failed') > 0) parts.push(`${String(count('failed'))} failed`);
  const left = feeds.length - results.length;
  const rest =
    left > 0 ? `${counted(left, 'feed is', 'feeds are')} left to the bot: it polls them while it runs.\n` : '';
  return `${parts.join(', ')}.\n${rest}`;
}

export function polledJson(feeds: readonly Polled[], polled: Results): object[] {
  return feeds.flatMap((feed) => {
    const result = polled.get(feed.id);
    return result ? [json(feed, result)] : [];
  });
}

/** @throws CliError always */
export function failFeed({ text, mayPass }: FeedFailure): never {
  throw new CliError(mayPass ? EXIT.unavailable : EXIT.badInput, text);
}

/** @throws CliError when there were feeds and all of them failed. */
export function failIfNoneWorked(polled: Results): void {
  const results = [...polled.values()];
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

function json({ url, title }: Polled, result: PolledNow): object {
  return { url, title, ...result };
}
