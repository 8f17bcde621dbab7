import type { CommandCall, CommandSpec, Reply, ReplyLine } from '../chat/command.js';
import { heading, privateReply, text, typed } from '../chat/reply.js';
import { remedyFor } from '../deliveries/refusal.js';
import { httpUrl } from '../posts/http-url.js';
import { nextSlotAt } from '../subscriptions/next-slot.js';
import { scheduleText } from '../subscriptions/schedule.js';
import type { SubscriptionView } from '../subscriptions/subscription-store.js';
import type { Command, CommandDeps } from './command.js';
import { day, utc } from './day.js';
import { muteLines } from './mute.js';
import { askedPage, button, PAGE_OPTION, pageButtons, pageOf } from './pages.js';
import { subscriptionName } from './subscription-names.js';

const PAGE_SIZE = 10;

const SPEC: CommandSpec = {
  name: 'subscriptions',
  summary: 'List what this channel is told of',
  options: [PAGE_OPTION],
  example: 'subscriptions',
};

export const subscriptions: Command = { spec: SPEC, run };

async function run(deps: CommandDeps, call: CommandCall): Promise<Reply> {
  const asked = askedPage(call);
  const list = await deps.subscriptions.list(call.channel, deps.clock());
  const quiet = muteLines(await deps.subscriptions.mutes(call.channel, deps.clock()));
  const [first] = list;
  if (!first) {
    return privateReply([
      text('This channel is not told of anything yet. Begin with a topic:'),
      typed('subscribe bgp'),
      text('See which topics there are:'),
      typed('topics'),
    ]);
  }
  const { items, page, pages, before } = pageOf(list, asked, PAGE_SIZE);
  const numbered = items.map((view, index) => ({ view, number: before + index + 1 }));
  return privateReply(
    [
      heading(
        pages === 1 ? 'This channel is told of' : `This channel is told of, page ${String(page)} of ${String(pages)}`,
      ),
      text(howMany(first)),
      ...troubleLines(first),
      ...quiet,
      ...numbered.map(({ view, number }) => entry(deps, call, { view, number })),
      text('To stop one, by its number:'),
      typed(`unsubscribe ${String(before + 1)}`),
    ],
    [
      ...(call.caller.mayManage ? numbered.flatMap(removeButton) : []),
      ...pageButtons(SPEC, {}, { page, more: page < pages }),
    ],
  );
}

interface Numbered {
  readonly view: SubscriptionView;
  readonly number: number;
}

function entry({ topics, clock }: CommandDeps, { caller }: CommandCall, { view, number }: Numbered): ReplyLine {
  return {
    kind: 'item',
    title: `${String(number)}. ${subscriptionName(view, topics)}`,
    url: view.feedUrl === null ? null : httpUrl(view.feedUrl),
    detail: `${toldWhen(view, clock())}since ${day(view.createdAt)}, by ${byWhom(view.createdBy, caller.id)}`,
  };
}

/** Empty for what is told at once. */
function toldWhen({ schedule }: SubscriptionView, now: Date): string {
  if (schedule.when.kind === 'at-once') return '';
  return `${scheduleText(schedule)}, next ${utc(nextSlotAt(schedule, now))}; `;
}

function byWhom(createdBy: string, callerId: string): string {
  if (createdBy === callerId) return 'you';
  return createdBy === 'cli' ? 'the operator' : `user ${createdBy}`;
}

/** By id, not by number: the numbers move up when one is removed. */
function removeButton({ view, number }: Numbered): { label: string; command: string }[] {
  return button(`Stop ${String(number)}`, `unsubscribe ${view.id}`);
}

function howMany({ sentLast7Days }: SubscriptionView): string {
  if (sentLast7Days === 0) return 'No messages in the last 7 days.';
  return sentLast7Days === 1
    ? '1 message in the last 7 days.'
    : `${String(sentLast7Days)} messages in the last 7 days.`;
}

function troubleLines({ channelTrouble, troubledSince, channel }: SubscriptionView): ReplyLine[] {
  if (channelTrouble === null) return [];
  const since = troubledSince === null ? 'just now' : `since ${day(troubledSince)}`;
  return [
    text(
      `Nothing can be posted here ${since}. ${remedyFor(channelTrouble, channel.platform)} Waiting posts then follow.`,
    ),
  ];
}
