import type { CommandCall, CommandSpec, Reply, ReplyLine } from '../chat/command.js';
import { commandText } from '../chat/parse-command.js';
import { heading, privateReply, text, typed } from '../chat/reply.js';
import { excerptOf } from '../search/excerpt.js';
import type { SearchPage } from '../search/search-posts.js';
import { parseQuery, tidyQuery } from '../topics/parse-query.js';
import type { Query } from '../topics/topic.js';
import type { Command, CommandDeps } from './command.js';
import { day } from './day.js';
import { askedPage, PAGE_OPTION, pageButtons } from './pages.js';

const PAGE_SIZE = 5;

const SPEC: CommandSpec = {
  name: 'search',
  summary: 'Find past posts, best first',
  options: [
    {
      name: 'words',
      summary: 'What to look for: words, "a phrase", -word to leave out',
      required: true,
      kind: 'words',
    },
    PAGE_OPTION,
  ],
  example: 'search "route leak" -cisco',
};

export const search: Command = { spec: SPEC, run };

async function run(deps: CommandDeps, call: CommandCall): Promise<Reply> {
  const words = tidyQuery(call.options['words'] ?? '');
  const query = parseQuery(words);
  const page = askedPage(call);
  const found = await deps.posts.search(words, page, PAGE_SIZE);
  if (found.hits.length === 0) return page === 1 ? nothingFound(words) : pastTheEnd(words, page);
  return privateReply(
    [
      heading(page === 1 ? `Posts for ${words}` : `Posts for ${words}, page ${String(page)}`),
      ...found.hits.map((hit) => hitLine(hit, query)),
      ...wayOn(words, page, found.more),
    ],
    pageButtons(SPEC, { words }, { page, more: found.more }),
  );
}

function hitLine({ post, source }: SearchPage['hits'][number], query: Query): ReplyLine {
  const detail = [source, day(post.publishedAt ?? post.firstSeenAt), excerptOf(post.text, query)];
  return { kind: 'item', title: post.title, url: post.url, detail: detail.filter((part) => part !== null).join(' · ') };
}

/** A search too long for a button still turns its pages by hand. */
function wayOn(words: string, page: number, more: boolean): ReplyLine[] {
  const next = { words, page: page + 1 };
  if (more && pageButtons(SPEC, { words }, { page, more }).length === 0) {
    return [text('More with:'), typed(commandText(SPEC, next))];
  }
  return page === 1 ? [text('To be told of new ones:'), typed(`subscribe ${words}`)] : [];
}

function nothingFound(words: string): Reply {
  const looser = tidyQuery(words.replace(/(^|\s)-("[^"]*"?|\S+)/g, ' ').replaceAll('"', ' '));
  if (looser !== words && looser !== '') {
    return privateReply([
      text(`Nothing found for ${words}. Without the quotes and exclusions:`),
      typed(`search ${looser}`),
    ]);
  }
  return privateReply([
    text(
      `Nothing found for ${words}. Try fewer or other words, each written out in full. Or see what there is by topic:`,
    ),
    typed('topics'),
  ]);
}

function pastTheEnd(words: string, page: number): Reply {
  return privateReply(
    [text(`Page ${String(page)} is past the end. The best posts come first:`), typed(commandText(SPEC, { words }))],
    pageButtons(SPEC, { words }, { page: 2, more: false }),
  );
}
