import type { CommandCall, CommandSpec, Reply, ReplyLine } from '../chat/command.js';
import { heading, privateReply, text, typed } from '../chat/reply.js';
import type { Command, CommandDeps } from './command.js';
import { utc } from './day.js';

const SPEC: CommandSpec = {
  name: 'digest',
  summary: 'Show what the next digest of this channel would hold; nothing is sent',
  options: [{ name: 'which', summary: 'now, which may be left out', required: false, kind: 'words' }],
  example: 'digest now',
};

export const digest: Command = { spec: SPEC, run };

const MOST_LINES = 15;

async function run({ deliveries, topics }: CommandDeps, { channel }: CommandCall): Promise<Reply> {
  const [next] = await deliveries.held(channel, topics);
  if (!next) {
    return privateReply([
      text('Nothing waits for a digest here. To be told of a topic once a day:'),
      typed('subscribe bgp when:"daily 08:30"'),
    ]);
  }
  const { dueAt, lines } = next;
  const left = lines.length - MOST_LINES;
  return privateReply([
    heading(`The digest of ${utc(dueAt)}`),
    ...lines
      .slice(0, MOST_LINES)
      .flatMap((line): ReplyLine[] => [
        ...(line.heading === undefined ? [] : [heading(line.heading)]),
        { kind: 'item', title: line.title, url: line.url, detail: line.source },
      ]),
    ...(left > 0 ? [text(`And ${String(left)} more.`)] : []),
  ]);
}
