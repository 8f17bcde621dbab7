import type { CommandCall, Reply } from '../../src/chat/command.js';
import { parseCommandText } from '../../src/chat/parse-command.js';
import { COMMANDS } from '../../src/commands/commands.js';
import { createOnCommand } from '../../src/commands/run-command.js';
import type { TopicId } from '../../src/ids.js';
import type { Topic } from '../../src/topics/topic.js';
import {
  createMemoryFeeds,
  createMemoryPosts,
  createMemorySamples,
  createMemorySubscriptions,
  createMemoryWhy,
  type MemoryWorld,
} from './memory-stores.js';

export const SPECS = COMMANDS.map(({ spec }) => spec);

const CHANNEL = { platform: 'slack', workspaceId: 'T1', channelId: 'C1' } as const;
const CALLER = { id: 'U1', name: 'ann', mayManage: true };

export function topic(id: string, name: string): Topic {
  return { id: id as TopicId, name, summary: `Posts on ${name}`, query: { kind: 'term', words: [id] } };
}

export const TOPICS: readonly Topic[] = [
  topic('bgp', 'BGP'),
  topic('routing-security', 'Routing security'),
  topic('data-center', 'Data centers'),
  topic('labs', 'Labs'),
];

export interface CommandBench {
  readonly world: MemoryWorld;
  /** Gives a command as typed on Slack, by default in the bench's channel by its caller. */
  readonly give: (line: string, place?: Partial<Pick<CommandCall, 'channel' | 'caller'>>) => Promise<Reply>;
  readonly channel: CommandCall['channel'];
  readonly caller: CommandCall['caller'];
}

/** One channel in which commands are typed as on Slack. */
export function openBench(world: Partial<MemoryWorld> = {}, topics: readonly Topic[] = TOPICS): CommandBench {
  const held: MemoryWorld = { feeds: [], posts: [], subscriptions: [], ...world };
  const onCommand = createOnCommand({
    feeds: createMemoryFeeds(held),
    subscriptions: createMemorySubscriptions(held),
    posts: createMemoryPosts(held),
    refusals: { tryAgain: () => Promise.resolve() },
    samples: createMemorySamples(held),
    whyOf: createMemoryWhy(held),
    channels: { hoursOf: () => Promise.resolve({ timeZone: null, quiet: null }) },
    deliveries: { held: () => Promise.resolve([]) },
    topics,
    clock: () => new Date('2026-03-04T00:00:00Z'),
  });
  const give: CommandBench['give'] = (line, place = {}) => {
    const parsed = parseCommandText(line, SPECS);
    if (parsed.kind === 'reply') return Promise.resolve(parsed.reply);
    const { name, options } = parsed;
    return onCommand({ name, options, channel: CHANNEL, caller: CALLER, ...place });
  };
  return { world: held, give, channel: CHANNEL, caller: CALLER };
}

/** What a person reads, line by line. */
export function linesOf(reply: Reply): string[] {
  return reply.lines.map((line) => (line.kind === 'item' ? `${line.title} — ${line.detail}` : line.text));
}

export function textOf(reply: Reply): string {
  return linesOf(reply).join('\n');
}

/** Label → command. */
export function buttonsOf(reply: Reply): Record<string, string> {
  return Object.fromEntries(reply.buttons.map(({ label, command }) => [label, command]));
}
