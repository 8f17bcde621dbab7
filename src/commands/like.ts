import type { CommandCall, CommandSpec, Reply, ReplyLine } from '../chat/command.js';
import { commandText } from '../chat/parse-command.js';
import { heading, privateReply, text, typed } from '../chat/reply.js';
import { UserError } from '../errors.js';
import type { PostId } from '../ids.js';
import type { LikePage } from '../search/search-posts.js';
import type { Command, CommandDeps } from './command.js';
import { day } from './day.js';
import { askedPage, PAGE_OPTION, pageButtons } from './pages.js';

const PAGE_SIZE = 5;

const SPEC: CommandSpec = {
  name: 'like',
  summary: 'Find posts like one, by the words of its title',
  options: [
    { name: 'post', summary: 'The title of a post, or words of it', required: true, kind: 'words' },
    PAGE_OPTION,
  ],
  example: 'like Route leak takes three networks offline',
};

/** What the button "More like this" gives, with the id of its post. */
export const like: Command = { spec: SPEC, run };

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

async function run({ posts }: CommandDeps, call: CommandCall): Promise<Reply> {
  const asked = (call.options['post'] ?? '').trim();
  const page = askedPage(call);
  const isId = ID.test(asked);
  const found = await posts.like(isId ? { id: asked as PostId } : { title: asked }, page, PAGE_SIZE);
  if (!found)
    throw new UserError('unknown-post', 'That post is not stored any more. Try /tidings search and its words');
  if (found.hits.length === 0) return nothing(found, page);
  return privateReply(
    [
      heading(page === 1 ? `More like ${found.title}` : `More like ${found.title}, page ${String(page)}`),
      ...found.hits.map(hitLine),
      ...(found.more && isTooLong(asked) ? wayOn(asked, page) : []),
    ],
    pageButtons(SPEC, { post: asked }, { page, more: found.more }),
  );
}

function hitLine({ post, source }: LikePage['hits'][number]): ReplyLine {
  const detail = [source, day(post.publishedAt ?? post.firstSeenAt)];
  return { kind: 'item', title: post.title, url: post.url, detail: detail.join(' · ') };
}

function isTooLong(post: string): boolean {
  return pageButtons(SPEC, { post }, { page: 1, more: true }).length === 0;
}

function wayOn(post: string, page: number): ReplyLine[] {
  return [text('More with:'), typed(commandText(SPEC, { post, page: page + 1 }))];
}

function nothing({ title }: LikePage, page: number): Reply {
  const where = page === 1 ? '' : ` on page ${String(page)}`;
  return privateReply([
    text(`Nothing like "${title}" is stored${where}. Or look for words of your own:`),
    typed('search bgp leak'),
  ]);
}
