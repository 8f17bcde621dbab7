import type { CommandCall, CommandSpec, Reply, ReplyLine } from '../chat/command.js';
import { privateReply, text, typed } from '../chat/reply.js';
import { later } from '../clock.js';
import { UserError } from '../errors.js';
import { readQuiet, type MuteTarget, type MuteView } from '../subscriptions/mute.js';
import { tidyQuery } from '../topics/parse-query.js';
import type { Command, CommandDeps } from './command.js';
import { day } from './day.js';
import { button } from './pages.js';
import { mustManage } from './permission.js';
import { targetOf } from './target-of.js';

const WHAT = {
  name: 'what',
  summary: "A feed's address, or words that posts hold",
  required: true,
  kind: 'words',
} as const;
const MUTE: CommandSpec = {
  name: 'mute',
  summary: 'Quiet from a feed or from words, without unsubscribing',
  options: [WHAT, { name: 'for', summary: 'How long: 2h, 7d, 2w or forever; else 7d', required: false, kind: 'text' }],
  example: 'mute https://blog.example.org/feed for:7d',
};
const UNMUTE: CommandSpec = {
  name: 'unmute',
  summary: 'End the quiet from a feed or from words',
  options: [WHAT],
  example: 'unmute https://blog.example.org/feed',
};

export const mute: Command = { spec: MUTE, run: runMute };
export const unmute: Command = { spec: UNMUTE, run: runUnmute };

async function runMute(deps: CommandDeps, call: CommandCall): Promise<Reply> {
  mustManage(call);
  const ms = readQuiet(call.options['for'] ?? '7d');
  const { target, name, again } = await quietFrom(deps, call);
  const now = deps.clock();
  const until = ms === null ? null : later(now, ms);
  await deps.subscriptions.mute({ channel: call.channel, target, until }, call.caller.id, now);
  return privateReply(
    [
      text(`This channel hears no more of ${name} ${untilText(until)}. Its subscriptions stay. To end it:`),
      typed(`unmute ${again}`),
    ],
    button('Undo', `unmute ${again}`),
  );
}

async function runUnmute(deps: CommandDeps, call: CommandCall): Promise<Reply> {
  mustManage(call);
  const { target, name, again } = await quietFrom(deps, call);
  if (await deps.subscriptions.unmute(call.channel, target))
    return privateReply([text(`This channel hears of ${name} again. What came in between is found by search.`)]);
  const standing = await deps.subscriptions.mutes(call.channel, deps.clock());
  return privateReply([text(`"${again}" is not muted here.`), ...muteLines(standing)]);
}

/** @throws UserError for what cannot be muted */
async function quietFrom(
  deps: CommandDeps,
  call: CommandCall,
): Promise<{ readonly target: MuteTarget; readonly name: string; readonly again: string }> {
  const what = tidyQuery(call.options['what'] ?? '');
  if (what === '') throw new UserError('empty-what', "Say what to mute: a feed's address, or words that posts hold");
  // A topic's name means its words here: whoever wants no more of a topic unsubscribes.
  const asked = await targetOf({ feeds: deps.feeds, topics: [] }, what);
  if (asked.kind === 'target' && (asked.target.kind === 'feed' || asked.target.kind === 'query'))
    return { target: asked.target, name: asked.name, again: asked.typed };
  throw new UserError('cannot-mute', 'A channel that wants to hear of nothing unsubscribes: /tidings subscriptions');
}

/** What this channel has quiet from; nothing where that is nothing. */
export function muteLines(mutes: readonly MuteView[]): ReplyLine[] {
  return mutes.map(({ target, feedTitle, feedUrl, until }) =>
    text(`Muted ${untilText(until)}: ${target.kind === 'feed' ? (feedTitle ?? feedUrl ?? 'a feed') : target.text}`),
  );
}

function untilText(until: Date | null): string {
  return until === null ? 'until you end it' : `until ${day(until)}`;
}
