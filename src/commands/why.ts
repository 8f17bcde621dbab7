import { channelName, type ChannelRef } from '../chat/channel.js';
import type { CommandCall, CommandSpec, Reply } from '../chat/command.js';
import { heading, privateReply, text, typed } from '../chat/reply.js';
import { whyLines } from '../deliveries/why-lines.js';
import type { WhyReport } from '../deliveries/why.js';
import type { Command, CommandDeps } from './command.js';

const SPEC: CommandSpec = {
  name: 'why',
  summary: 'Why a post was, or was not, posted here',
  options: [{ name: 'post', summary: 'The link of a post, or words of its title', required: true, kind: 'words' }],
  example: 'why https://blog.example.org/route-leak',
};

export const why: Command = { spec: SPEC, run };

async function run({ whyOf }: CommandDeps, call: CommandCall): Promise<Reply> {
  const asked = (call.options['post'] ?? '').trim().replace(/^"(.*)"$/s, '$1');
  const report = await whyOf.why(asked);
  if (report.kind === 'not-stored') {
    return privateReply([
      text('No stored post has this link or these words. Its feed may not be followed. To look for words:'),
      typed('search route leak'),
    ]);
  }
  const [title = '', ...lines] = whyLines(seenFrom(call.channel, report), minuteOf, 'Not told here');
  return privateReply([heading(title), ...lines.filter((line) => line !== '').map(text)]);
}

/** Nothing of other channels: not their names, not how many they are. */
function seenFrom(here: ChannelRef, report: Extract<WhyReport, { kind: 'stored' }>): WhyReport {
  const isHere = ({ channel }: { readonly channel: ChannelRef }): boolean => channelName(channel) === channelName(here);
  const sightings = report.sightings.map((one) => ({
    ...one,
    wanted: null,
    promised: 0,
    filtered: one.filtered.filter(isHere),
  }));
  return { ...report, sightings, deliveries: report.deliveries.filter(isHere), others: [] };
}

function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
