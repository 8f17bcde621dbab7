import type { CommandCall, CommandSpec, Reply } from '../chat/command.js';
import { heading, privateReply, text, typed } from '../chat/reply.js';
import type { Command, CommandDeps } from './command.js';
import { askedPage, PAGE_OPTION, pageButtons, pageOf } from './pages.js';

const PAGE_SIZE = 10;

const SPEC: CommandSpec = {
  name: 'topics',
  summary: 'List the topics a channel can subscribe to',
  options: [PAGE_OPTION],
  example: 'topics',
};

export const topics: Command = { spec: SPEC, run: (deps, call) => Promise.resolve(list(deps, call)) };

function list(deps: CommandDeps, call: CommandCall): Reply {
  const { items, page, pages } = pageOf(deps.topics, askedPage(call), PAGE_SIZE);
  const [first] = items;
  if (!first)
    return privateReply([text('There are no topics here. Subscribe to words instead:'), typed('subscribe bgp leak')]);
  return privateReply(
    [
      heading(pages === 1 ? 'Topics' : `Topics, page ${String(page)} of ${String(pages)}`),
      ...items.map(({ name, summary }) => ({ kind: 'item', title: name, url: null, detail: summary }) as const),
      text('To be told of new posts on one:'),
      typed(`subscribe ${first.id}`),
    ],
    pageButtons(SPEC, {}, { page, more: page < pages }),
  );
}
