import type { FeedPreview } from '../feeds/preview-feed.js';
import type { Entry } from '../posts/post.js';
import { summarise } from '../posts/text/summary.js';
import { counted } from './counted.js';
import { print, withSession, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { failFeed } from './poll.js';
import { oneLine } from './table.js';
import { relative } from './times.js';
import { readFeedUrl } from './typed.js';

export async function preview(context: CliContext, typed: string, options: JsonOption): Promise<void> {
  readFeedUrl(typed);
  await withSession(context, async (session) => {
    const found = await session.previewFeed(typed);
    if (found.kind === 'failed') failFeed(found);
    if (found.kind === 'choose') {
      const commands = found.candidates.map(({ url }) => `  tidings feed preview ${url.href}`);
      const text = `${found.page.href} has ${String(found.candidates.length)} feeds. Look at one of these:`;
      throw new CliError(EXIT.badInput, [text, ...commands].join('\n'));
    }
    print(context.io, options, { value: found, text: previewText(found, session.clock()) });
  });
}

function previewText({ url, title, siteUrl, entries, newest, problems }: FeedPreview, now: Date): string {
  const facts = [url.href, ...(siteUrl ? [siteUrl.href] : []), counted(entries, 'entry', 'entries')];
  const head = [oneLine(title ?? url.href), `  ${facts.join(' · ')}`, ...problems.map((problem) => `  ! ${problem}`)];
  return `${[head.join('\n'), ...newest.map((entry) => entryText(entry, now))].join('\n\n')}\n\nTo follow it: tidings feed add ${url.href}\n`;
}

function entryText({ title, link, publishedAt, text, imageUrl }: Entry, now: Date): string {
  const when = publishedAt
    ? `${publishedAt.toISOString().slice(0, 16).replace('T', ' ')} (${relative(publishedAt, now)})`
    : 'no date';
  const lines = [
    title === '' ? '(no title)' : oneLine(title),
    `  ${when}`,
    ...(link ? [`  ${link.href}`] : []),
    ...(text === '' ? [] : [`  ${oneLine(summarise(text))}`]),
    ...(imageUrl ? [`  Picture: ${imageUrl.href}`] : []),
  ];
  return lines.join('\n');
}
