import { readFile } from 'node:fs/promises';
import type { FeedView } from '../feeds/feed-store.js';
import { counted } from './counted.js';
import { print, withSession, type AddCommands, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { failFeed, pollAll, pollOne } from './poll.js';
import { oneLine, table } from './table.js';
import { relative } from './times.js';
import { readUrl } from './typed.js';

export const addFeedCommands: AddCommands = (program, context) => {
  const feed = program.command('feed').description('follow feeds, list them, poll them');
  feed
    .command('add')
    .description('follow a feed; its first poll is made now and announces nothing')
    .argument('<url>', 'address of an RSS, Atom or JSON feed')
    .option('--json', 'print JSON')
    .action((url: string, options: JsonOption) => add(context, url, options));
  feed
    .command('list')
    .description('the feeds that are followed, and how each one is')
    .option('--json', 'print JSON')
    .action((options: JsonOption) => list(context, options));
  feed
    .command('poll')
    .description('poll now, within courtesy limits, and wait until what is found is stored')
    .argument('[url]', 'a feed that is followed')
    .option('--all', 'every feed')
    .option('--json', 'print JSON')
    .action((url: string | undefined, options: PollOptions) => poll(context, url, options));
  feed
    .command('import')
    .description('follow the feeds of an OPML file and poll the new ones')
    .argument('<file>', 'an OPML file, as feed readers export it')
    .option('--json', 'print JSON')
    .action((file: string, options: JsonOption) => importFile(context, file, options));
};

interface PollOptions extends JsonOption {
  readonly all?: true;
}

async function add(context: CliContext, url: string, options: JsonOption): Promise<void> {
  await withSession(context, async (session) => {
    const result = await session.addFeed(url);
    if (result.kind === 'failed') failFeed(result);
    const { id, title, url: address } = result.feed;
    const name = oneLine(title ?? address.href);
    const text =
      result.kind === 'added'
        ? `Following ${name} (${counted(result.entries, 'entry', 'entries')} stored, none announced).\n`
        : `${name} is followed already.\n`;
    const value = {
      kind: result.kind,
      id,
      title,
      url: address,
      ...('entries' in result && { entries: result.entries }),
    };
    print(context.io, options, { value, text });
  });
}

async function list(context: CliContext, options: JsonOption): Promise<void> {
  await withSession(context, async (session) => {
    const feeds = await session.feeds.list();
    const now = session.clock();
    const rows = feeds.map((feed) => [
      feed.title ?? '',
      feed.url.href,
      String(feed.posts),
      String(feed.subscriptions),
      relative(feed.lastPolledAt, now),
      relative(feed.nextPollAt, now),
      health(feed),
    ]);
    const head = ['Title', 'Address', 'Posts', 'Subscriptions', 'Polled', 'Next', 'Health'];
    const none = 'No feed is followed. Add one: tidings feed add https://example.org/feed.xml\n';
    const text = feeds.length === 0 ? none : table(head, rows, context.io);
    print(context.io, options, { value: feeds.map(feedJson), text });
  });
}

function health({ trouble, failures, lastPolledAt }: FeedView): string {
  if (trouble !== null) return `${trouble} (${counted(failures, 'failure', 'failures')} in a row)`;
  return lastPolledAt === null ? 'not polled yet' : 'ok';
}

function feedJson(feed: FeedView): object {
  const { id, url, title, posts, subscriptions, lastPolledAt, nextPollAt, primedAt, failures, trouble } = feed;
  return { id, url, title, posts, subscriptions, lastPolledAt, nextPollAt, primedAt, failures, trouble };
}

async function poll(context: CliContext, typed: string | undefined, options: PollOptions): Promise<void> {
  if ((typed === undefined) === (options.all === undefined)) {
    throw new CliError(EXIT.usage, 'say which feed to poll, or --all: tidings feed poll https://example.org/feed.xml');
  }
  const url = typed === undefined ? null : readUrl(typed);
  await withSession(context, async (session) => {
    if (url === null) {
      await pollAll(session, await session.feeds.list(), { context, options });
      return;
    }
    const feed = await session.feeds.byUrl(url);
    if (!feed)
      throw new CliError(EXIT.badInput, `no feed is followed at ${url.href}. Add it: tidings feed add ${url.href}`);
    await pollOne(session, feed, { context, options });
  });
}

async function importFile(context: CliContext, file: string, options: JsonOption): Promise<void> {
  const opml = await readText(file);
  await withSession(context, async (session) => {
    const result = await session.importFeeds(opml);
    if (result.kind === 'failed') failFeed({ ...result, text: `${file} ${result.text}` });
    const { added, already, unusable } = result;
    if (!options.json) {
      const skipped = unusable > 0 ? `, ${counted(unusable, 'line', 'lines')} without a usable address` : '';
      context.io.write(
        `${counted(added.length, 'new feed', 'new feeds')}, ${String(already)} followed before${skipped}.\n`,
      );
    }
    await pollAll(session, added, { context, options });
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(EXIT.badInput, `${file} cannot be read (${code ?? 'error'}). Name an OPML file`);
  }
}
