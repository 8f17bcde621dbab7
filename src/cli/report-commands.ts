import { channelName } from '../chat/channel.js';
import { statusLines, type Status } from '../deliveries/status.js';
import type { WhyReport } from '../deliveries/why.js';
import { whyLines } from '../deliveries/why-lines.js';
import type { SearchPage } from '../search/search-posts.js';
import { parseQuery } from '../topics/parse-query.js';
import { print, withSession, type AddCommands, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { oneLine, table } from './table.js';
import { relative } from './times.js';
import { readLimit } from './typed.js';

export const addReportCommands: AddCommands = (program, context) => {
  program
    .command('topics')
    .description('the topics a channel can subscribe to')
    .option('--json', 'print JSON')
    .action((options: JsonOption) => topics(context, options));
  program
    .command('search')
    .description('find stored posts, best first')
    .argument('<words...>', 'word, "a phrase", -word')
    .option('--page <n>', 'further results', '1')
    .option('--json', 'print JSON')
    .action((words: string[], options: SearchOptions) => search(context, words.join(' '), options));
  program
    .command('why')
    .description('what was decided about a post and why, and what each channel was told')
    .argument('<post...>', 'its link or guid, present or former, or words of it')
    .option('--json', 'print JSON')
    .action((words: string[], options: JsonOption) => why(context, words.join(' '), options));
  program
    .command('status')
    .description('how the bot stands: feeds, posts, deliveries, queue')
    .option('--json', 'print JSON')
    .action((options: JsonOption) => status(context, options));
};

interface SearchOptions extends JsonOption {
  readonly page: string;
}

const HITS_TO_A_PAGE = 10;

async function topics(context: CliContext, options: JsonOption): Promise<void> {
  await withSession(context, (session) => {
    const value = session.topics.map(({ id, name, summary }) => ({ id, name, summary }));
    const rows = value.map(({ id, name, summary }) => [id, name, summary]);
    print(context.io, options, { value, text: table(['Name', 'Title', 'What it is'], rows, context.io) });
    return Promise.resolve();
  });
}

async function search(context: CliContext, words: string, options: SearchOptions): Promise<void> {
  parseQuery(words);
  const page = readLimit('--page', options.page) ?? 1;
  await withSession(context, async ({ posts, clock }) => {
    const found = await posts.search(words, page, HITS_TO_A_PAGE);
    const value = {
      page,
      more: found.more,
      hits: found.hits.map(({ post: { id, title, url, publishedAt, firstSeenAt }, source }) => ({
        ...{ id, title, url, source, publishedAt, firstSeenAt },
      })),
    };
    print(context.io, options, { value, text: hitsText(found, { page, words, now: clock() }) });
  });
}

function hitsText(found: SearchPage, asked: { page: number; words: string; now: Date }): string {
  if (found.hits.length === 0) return `No ${asked.page > 1 ? 'further ' : ''}post says that. Try fewer words.\n`;
  const hits = found.hits.map(({ post, source }) => {
    const facts = [oneLine(source), relative(post.publishedAt ?? post.firstSeenAt, asked.now)].join(' · ');
    return [oneLine(post.title), ...(post.url ? [`  ${post.url.href}`] : []), `  ${facts}`, ''].join('\n');
  });
  const more = found.more ? [`More: tidings search --page ${String(asked.page + 1)} '${asked.words}'\n`] : [];
  return `${[...hits, ...more].join('\n').trimEnd()}\n`;
}

async function why(context: CliContext, asked: string, options: JsonOption): Promise<void> {
  await withSession(context, async (session) => {
    const report = await session.why(asked);
    const now = session.clock();
    const lines = whyLines(report, (at) => `${relative(at, now)} (${at.toISOString().replace(/\.\d+/, '')})`);
    if (report.kind === 'not-stored' && !options.json) throw new CliError(EXIT.badInput, lines.join(' '));
    print(context.io, options, { value: whyJson(report), text: `${lines.map(trimmed).join('\n')}\n` });
  });
}

/** Keeps a line's indent. */
function trimmed(line: string): string {
  return `${/^ */.exec(line)?.[0] ?? ''}${oneLine(line)}`;
}

function whyJson(report: WhyReport): object {
  if (report.kind === 'not-stored') return report;
  const deliveries = report.deliveries.map((delivery) => ({ ...delivery, channel: channelName(delivery.channel) }));
  return { ...report, deliveries };
}

async function status(context: CliContext, options: JsonOption): Promise<void> {
  await withSession(context, async (session) => {
    const now = await session.status();
    print(context.io, options, { value: statusJson(now), text: `${statusLines(now).join('\n')}\n` });
  });
}

/** Scripts rely on exactly these names. */
function statusJson({ feeds, posts, deliveries, queue }: Status): object {
  const { held, pending, sending, unknown, sent, abandoned, digested } = deliveries;
  return { feeds, posts, deliveries: { pending, sending, unknown, sent, abandoned, digested, held }, queue };
}
