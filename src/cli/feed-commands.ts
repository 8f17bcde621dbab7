import type { Command } from 'commander';
import { print, withSession, type AddCommands, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { add, type AddOptions } from './feed-add.js';
import { exportFeeds, importFile, type ImportOptions } from './feed-file.js';
import { list } from './feed-list.js';
import { preview } from './feed-preview.js';
import { followedFeed } from './followed.js';
import { remove, set, type SetOptions } from './feed-set.js';
import { failIfNoneWorked, pollAll, polledJson, pollOne, pollSummary } from './poll.js';
import { readFeedUrl } from './typed.js';

const ADDRESS = 'its address, in any spelling that leads to it';

export const addFeedCommands: AddCommands = (program, context) => {
  const feed = program.command('feed').description('follow feeds, list them, poll them');
  addFollowing(feed, context);
  addLooking(feed, context);
  feed
    .command('import')
    .description('follow the feeds of an OPML file and poll the new ones; Ctrl-C leaves the rest to the bot')
    .argument('<file>', 'an OPML file, as feed readers export it')
    .option('--no-poll', 'leave the first polls to the bot')
    .option('--json', 'print JSON')
    .action((file: string, options: ImportOptions) => importFile(context, file, options));
  feed
    .command('export')
    .description('the feeds that are followed as OPML, for any feed reader')
    .argument('[file]', 'where to write it; standard output when not said')
    .action((file: string | undefined) => exportFeeds(context, file));
};

function addFollowing(feed: Command, context: CliContext): void {
  feed
    .command('add')
    .description('follow a feed; its first poll is made now and announces nothing')
    .argument('<url>', 'address of an RSS, Atom or JSON feed, or of a page that names one')
    .option('--all', 'follow every feed that the page names')
    .option('--insecure-tls', 'whatever certificate its server shows')
    .option('--json', 'print JSON')
    .action((url: string, options: AddOptions) => add(context, url, options));
  feed
    .command('remove')
    .description('stop following a feed; its posts stay')
    .argument('<url>', ADDRESS)
    .option('--json', 'print JSON')
    .action((url: string, options: JsonOption) => remove(context, url, options));
  feed
    .command('set')
    .description('how a feed is polled')
    .argument('<url>', ADDRESS)
    .option('--every <time>', '5m to 24h, or auto: the feed itself decides')
    .option('--insecure-tls <on|off>', 'poll it whatever certificate its server shows')
    .option('--page-pictures <on|off>', 'ask the page of a post without a picture for one')
    .option('--repost-updates <on|off>', 'tell a post again, once, when it is rewritten within a week')
    .option('--announce-old <on|off>', 'announce also what it shows of its past when it begins to show more')
    .option('--json', 'print JSON')
    .action((url: string, options: SetOptions) => set(context, url, options));
}

function addLooking(feed: Command, context: CliContext): void {
  feed
    .command('list')
    .description('the feeds that are followed, and how each one is')
    .option('--json', 'print JSON')
    .action((options: JsonOption) => list(context, options));
  feed
    .command('preview')
    .description('read a feed and show it, without following it')
    .argument('<url>', 'as for add')
    .option('--json', 'print JSON')
    .action((url: string, options: JsonOption) => preview(context, url, options));
  feed
    .command('poll')
    .description('poll now, within courtesy limits, and wait until what is found is stored')
    .argument('[url]', ADDRESS)
    .option('--all', 'every feed')
    .option('--json', 'print JSON')
    .action((url: string | undefined, options: PollOptions) => poll(context, url, options));
}

interface PollOptions extends JsonOption {
  readonly all?: true;
}

async function poll(context: CliContext, typed: string | undefined, options: PollOptions): Promise<void> {
  if ((typed === undefined) === (options.all === undefined)) {
    throw new CliError(EXIT.usage, 'say which feed to poll, or --all: tidings feed poll https://example.org/feed.xml');
  }
  const url = typed === undefined ? null : readFeedUrl(typed);
  await withSession(context, async (session) => {
    if (url) {
      await pollOne(session, await followedFeed(session, url), { context, options });
      return;
    }
    const feeds = await session.feeds.list();
    const results = await pollAll(session, feeds, { context, options });
    print(context.io, options, { value: polledJson(feeds, results), text: pollSummary(feeds, results) });
    failIfNoneWorked(results);
  });
}
