import { channelName, parseChannel } from '../chat/channel.js';
import type { HeldDigest } from '../deliveries/delivery-store.js';
import { print, withSession, type AddCommands, type CliContext, type JsonOption } from './context.js';
import { oneLine } from './table.js';
import { relative } from './times.js';

export const addDigestCommand: AddCommands = (program, context) => {
  program
    .command('digest')
    .description('what waits for the digests of a channel; nothing is sent')
    .argument('<channel>', 'slack:<team>/<channel>, discord:<guild>/<channel> or console:<name>')
    .option('--json', 'print JSON')
    .action((typed: string, options: JsonOption) => show(context, typed, options));
};

async function show(context: CliContext, typed: string, options: JsonOption): Promise<void> {
  const channel = parseChannel(typed);
  await withSession(context, async ({ deliveries, topics, clock }) => {
    const digests = await deliveries.held(channel, topics);
    const none = `Nothing waits for a digest in ${channelName(channel)}.\n`;
    const text = digests.map((one) => digestText(one, clock())).join('\n');
    print(context.io, options, { value: digests, text: text === '' ? none : text });
  });
}

function digestText({ dueAt, lines }: HeldDigest, now: Date): string {
  const named = lines.map(({ title, heading, source }) => {
    const line = `  ${oneLine(title)} (${oneLine(source)})\n`;
    return heading === undefined ? line : `${oneLine(heading)}\n${line}`;
  });
  const posts = lines.length === 1 ? '1 post' : `${String(lines.length)} posts`;
  return `${posts}, due ${relative(dueAt, now)}:\n${named.join('')}`;
}
