import type { CommandCall, CommandSpec, Reply, ReplyLine } from '../chat/command.js';
import { privateReply, text, typed } from '../chat/reply.js';
import { takeSample } from '../deliveries/sample.js';
import { UserError } from '../errors.js';
import type { Subscription, Target } from '../subscriptions/subscription.js';
import type { Topic } from '../topics/topic.js';
import { nextSlotAt } from '../subscriptions/next-slot.js';
import { scheduleFor } from '../subscriptions/schedule-for.js';
import { scheduleText, type Schedule } from '../subscriptions/schedule.js';
import { readWhen } from '../subscriptions/when.js';
import { tidyQuery } from '../topics/parse-query.js';
import type { Command, CommandDeps } from './command.js';
import { day, utc } from './day.js';
import { button } from './pages.js';
import { mustManage } from './permission.js';
import { sampleLines } from './sample-lines.js';
import { targetOf, type Asked } from './target-of.js';

const SPEC: CommandSpec = {
  name: 'subscribe',
  summary: 'Tell this channel of new posts on a topic, from a feed, or with certain words',
  options: [
    {
      name: 'what',
      summary: 'A topic, a feed address, words to look for, or: everything',
      required: true,
      kind: 'words',
    },
    {
      name: 'when',
      summary: 'now, hourly, daily 08:30 or weekly fri 16:00, with a time zone if you like',
      required: false,
      kind: 'text',
    },
  ],
  example: 'subscribe routing-security',
};

export const subscribe: Command = { spec: SPEC, run };

async function run(deps: CommandDeps, call: CommandCall): Promise<Reply> {
  mustManage(call);
  const typedWhen = call.options['when'];
  const read = typedWhen === undefined ? null : readWhen(typedWhen);
  if (read?.kind === 'trouble') throw new UserError('bad-when', read.text);
  const what = call.options['what'] ?? '';
  const asked = await targetOf(deps, what);
  if (asked.kind === 'near-topic') return didYouMean(tidyQuery(what), asked.topic);
  const now = deps.clock();
  // Looked up first: when that fails, nothing is subscribed either, and the answer that says so is true.
  const sample = sampleLines(await takeSample(deps, asked.target, now));
  const schedule = read ? await scheduleFor(deps.channels, call.channel, read) : undefined;
  const wish = { channel: call.channel, target: asked.target, createdBy: call.caller.id, schedule };
  const { subscription, added, changed } = await deps.subscriptions.add(wish, now);
  if (changed) return rescheduled(subscription, asked, now);
  return added ? done(subscription, asked, sample) : already(subscription, asked, sample);
}

function didYouMean(what: string, topic: Topic): Reply {
  const words = `subscribe "${what.replaceAll('"', '')}"`;
  return privateReply(
    [
      text(`There is no topic "${what}". Did you mean "${topic.name}"?`),
      typed(`subscribe ${topic.id}`),
      text('Or to be told of posts with these very words:'),
      typed(words),
    ],
    [...button(`Topic: ${topic.name}`, `subscribe ${topic.id}`), ...button('These words', words)],
  );
}

type Wanted = Asked & { readonly kind: 'target' };

function done(
  { id, schedule, createdAt }: Subscription,
  { target, name, typed: what }: Wanted,
  sample: readonly ReplyLine[],
): Reply {
  return privateReply(
    [
      text(`From now on this channel is told of ${name}. ${explained(target)}`),
      ...(schedule.when.kind === 'at-once' ? [] : [text(toldWhen(schedule, createdAt))]),
      ...sample,
      text('To stop it:'),
      typed(`unsubscribe ${what}`),
    ],
    button('Undo', `unsubscribe ${id}`),
  );
}

function rescheduled({ schedule }: Subscription, { name, typed: what }: Wanted, now: Date): Reply {
  return privateReply([
    text(`This channel was told of ${name} already; what changes is when. ${toldWhen(schedule, now)}`),
    text('To stop it:'),
    typed(`unsubscribe ${what}`),
  ]);
}

/** "It comes as a digest, daily 08:30 Europe/Berlin; the next is due 2026-03-03 07:30 UTC." */
function toldWhen(schedule: Schedule, now: Date): string {
  if (schedule.when.kind === 'at-once') return 'From now on it is told at once.';
  return `It comes as a digest, ${scheduleText(schedule)}; the next is due ${utc(nextSlotAt(schedule, now))}.`;
}

function already({ createdAt }: Subscription, { name, typed: what }: Wanted, sample: readonly ReplyLine[]): Reply {
  return privateReply([
    text(`This channel is already told of ${name}, since ${day(createdAt)}.`),
    ...sample,
    text('To stop it:'),
    typed(`unsubscribe ${what}`),
  ]);
}

function explained(target: Target): string {
  switch (target.kind) {
    case 'everything':
      return 'That is every new post of every feed, which can be a lot.';
    case 'query':
      return 'Those are words a post must hold; /tidings topics lists what there is by topic.';
    case 'feed':
    case 'topic':
      return 'Posts that are out already are not repeated; search finds them.';
  }
}
