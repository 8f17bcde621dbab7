import type { Command } from 'commander';
import { channelName, parseChannel } from '../chat/channel.js';
import { subscriptionName } from '../commands/subscription-names.js';
import type { Pace } from '../deliveries/pace.js';
import { takeSample } from '../deliveries/sample.js';
import { nextSlotAt } from '../subscriptions/next-slot.js';
import { scheduleFor, type Hours } from '../subscriptions/schedule-for.js';
import { clockText, scheduleText, whenText } from '../subscriptions/schedule.js';
import type { SubscriptionView } from '../subscriptions/subscription-store.js';
import type { Topic } from '../topics/topic.js';
import { readChoice, sameTarget, targetOf, type ChoiceOptions } from './choice.js';
import { print, withSession, type AddCommands, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { oneLine, table } from './table.js';
import { sampleJson, sampleText } from './sample.js';
import { relative } from './times.js';
import { readLimit, readQuiet, readSwitch, readWhenOption, readZoneOption } from './typed.js';

const CHANNEL = 'slack:<team>/<channel>, discord:<guild>/<channel> or console:<name>';

export const addSubscriptionCommands: AddCommands = (program, context) => {
  withChoice(program.command('subscribe').description('tell a channel of new posts'))
    .option('--when <when>', 'now, hourly, "daily 08:30" or "weekly fri 16:00", with a time zone if you like')
    .action((channel: string, options: SubscribeOptions) => subscribe(context, channel, options));
  withChoice(program.command('unsubscribe').description('stop telling a channel')).action(
    (channel: string, options: SubscribeOptions) => unsubscribe(context, channel, options),
  );
  program
    .command('subscriptions')
    .description('who hears of what')
    .argument('[channel]', CHANNEL)
    .option('--json', 'print JSON')
    .action((channel: string | undefined, options: JsonOption) => list(context, channel, options));
  const channel = program.command('channel').description('how a channel is written to');
  channel
    .command('set')
    .description('how many messages a channel takes; what waits is sent later, never dropped')
    .argument('<channel>', CHANNEL)
    .option('--per-hour <n>', 'messages in any hour, or none for no limit')
    .option('--burst <n>', 'messages in any ten minutes, or none for no limit')
    .option('--publish <on|off>', 'pass messages of a Discord announcement channel on to its followers')
    .option('--quiet <hours>', 'hours without messages, such as 22:00-07:00, or off')
    .option('--time-zone <name>', 'of quiet hours and digests, such as Europe/Berlin')
    .option('--json', 'print JSON')
    .action((name: string, options: ChannelOptions) => setChannel(context, name, options));
};

interface SubscribeOptions extends ChoiceOptions, JsonOption {
  readonly when?: string;
}

interface ChannelOptions extends JsonOption {
  readonly perHour?: string;
  readonly burst?: string;
  readonly publish?: string;
  readonly quiet?: string;
  readonly timeZone?: string;
}

function withChoice(command: Command): Command {
  return command
    .argument('<channel>', CHANNEL)
    .option('--feed <url>', 'posts of one feed')
    .option('--topic <name>', 'posts on a topic; tidings topics lists them')
    .option('--query <words>', 'posts that say the words: word, "a phrase", -word')
    .option('--everything', 'every new post')
    .option('--json', 'print JSON');
}

async function subscribe(context: CliContext, typed: string, options: SubscribeOptions): Promise<void> {
  const channel = parseChannel(typed);
  const choice = readChoice(options);
  const read = options.when === undefined ? null : readWhenOption(options.when);
  await withSession(context, async (session) => {
    const target = await targetOf(choice, session);
    const now = session.clock();
    const sample = await takeSample(session, target, now);
    const schedule = read ? await scheduleFor(session.channels, channel, read) : undefined;
    const { subscription, added, changed } = await session.subscriptions.add(
      { channel, target, createdBy: 'cli', schedule },
      now,
    );
    const views = await session.subscriptions.list(channel, now);
    const view = views.find(({ id }) => id === subscription.id);
    const name = view ? oneLine(subscriptionName(view, session.topics)) : target.kind;
    const head = `${channelName(channel)} ${added ? 'now hears' : 'hears already'} of: ${name}${toldWhen(subscription, now)}${changed ? ' (changed)' : ''}\n`;
    const value = { added, id: subscription.id, channel: channelName(channel), target, sample: sampleJson(sample) };
    print(context.io, options, { value, text: `${head}${sampleText(sample, now)}` });
  });
}

/** ", daily 08:30 UTC, next in 3 h"; empty for what is told at once. */
function toldWhen({ schedule }: Pick<SubscriptionView, 'schedule'>, now: Date): string {
  if (schedule.when.kind === 'at-once') return '';
  return `, ${scheduleText(schedule)}, next ${relative(nextSlotAt(schedule, now), now)}`;
}

async function unsubscribe(context: CliContext, typed: string, options: SubscribeOptions): Promise<void> {
  const channel = parseChannel(typed);
  const choice = readChoice(options);
  await withSession(context, async (session) => {
    const target = await targetOf(choice, session);
    const views = await session.subscriptions.list(channel, session.clock());
    const view = views.find((one) => sameTarget(one.target, target));
    const removed = view !== undefined && (await session.subscriptions.remove(view.id));
    const name = channelName(channel);
    if (!removed) {
      throw new CliError(
        EXIT.badInput,
        `${name} has no such subscription. tidings subscriptions ${name} lists what it has`,
      );
    }
    const text = `${name} no longer hears of: ${oneLine(subscriptionName(view, session.topics))}\n`;
    print(context.io, options, { value: { removed, id: view.id, channel: name, target }, text });
  });
}

async function list(context: CliContext, typed: string | undefined, options: JsonOption): Promise<void> {
  const channel = typed === undefined ? null : parseChannel(typed);
  await withSession(context, async ({ subscriptions, topics, clock }) => {
    const now = clock();
    const views = await subscriptions.list(channel, now);
    const rows = views.map((view) => [
      channelName(view.channel),
      subscriptionName(view, topics) + toldWhen(view, now),
      relative(view.createdAt, now),
      view.createdBy,
      String(view.sentLast7Days),
      troubleText(view, now),
    ]);
    const head = ['Channel', 'Hears of', 'Since', 'By', 'Sent in 7 days', 'Channel is'];
    const none = 'No subscription yet. Make one: tidings subscribe console:news --everything\n';
    const text = views.length === 0 ? none : table(head, rows, context.io);
    print(context.io, options, { value: views.map((view) => subscriptionJson(view, topics)), text });
  });
}

function troubleText({ channelTrouble, troubledSince }: SubscriptionView, now: Date): string {
  if (channelTrouble === null) return 'ok';
  return troubledSince === null ? channelTrouble : `${channelTrouble} since ${relative(troubledSince, now)}`;
}

function subscriptionJson(view: SubscriptionView, topics: readonly Topic[]): object {
  const { id, channel, target, feedUrl, createdBy, createdAt, channelTrouble, troubledSince, sentLast7Days } = view;
  const { when, timeZone } = view.schedule;
  const name = subscriptionName(view, topics);
  return {
    id,
    channel: channelName(channel),
    name,
    target,
    when: whenText(when),
    timeZone,
    feedUrl,
    createdBy,
    createdAt,
    channelTrouble,
    troubledSince,
    sentLast7Days,
  };
}

async function setChannel(context: CliContext, typed: string, options: ChannelOptions): Promise<void> {
  const channel = parseChannel(typed);
  const { perHour, burst, quiet, timeZone } = options;
  const publish = options.publish === undefined ? undefined : readSwitch('--publish', options.publish);
  if ([perHour, burst, publish, quiet, timeZone].every((option) => option === undefined)) {
    throw new CliError(
      EXIT.usage,
      'say --per-hour <n|none>, --burst <n|none>, --publish <on|off>, --quiet <hours|off>, --time-zone <name>, or several',
    );
  }
  if (publish === true && channel.platform !== 'discord') {
    throw new CliError(EXIT.usage, '--publish is for announcement channels of Discord');
  }
  const wanted: Partial<Pace> = {
    ...(perHour !== undefined && { perHour: readLimit('--per-hour', perHour) }),
    ...(burst !== undefined && { burst: readLimit('--burst', burst) }),
  };
  const change = {
    ...(quiet !== undefined && { quiet: readQuiet(quiet) }),
    ...(timeZone !== undefined && { timeZone: readZoneOption(timeZone) }),
  };
  await withSession(context, async (session) => {
    const asked = quiet !== undefined || timeZone !== undefined;
    const hours = asked ? await session.channels.setHours(channel, change) : null;
    const pace = await session.setPace(channel, wanted);
    if (publish !== undefined) await session.setPublish(channel, publish);
    const value = { channel: channelName(channel), ...pace, ...(publish !== undefined && { publish }), ...hours };
    const text = `${channelName(channel)} takes ${paceText(pace)}.${publishText(publish)}${hours ? hoursText(hours) : ''}\n`;
    print(context.io, options, { value, text });
  });
}

function paceText({ perHour, burst }: Pace): string {
  const shown = (limit: number | null): string => (limit === null ? 'any number' : `at most ${String(limit)}`);
  return `${shown(perHour)} an hour, ${shown(burst)} in ten minutes`;
}

function publishText(publish: boolean | undefined): string {
  if (publish === undefined) return '';
  return publish ? ' Its messages are published to its followers.' : ' Its messages are not published.';
}

function hoursText({ quiet, timeZone }: Hours): string {
  const hours = quiet ? `quiet from ${clockText(quiet.from)} to ${clockText(quiet.to)}` : 'never quiet';
  return ` It is ${hours}; its time zone is ${timeZone ?? 'UTC'}.`;
}
