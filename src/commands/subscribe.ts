import type { CommandCall, CommandSpec, Reply, ReplyLine } from '../chat/command.js';
import { privateReply, text, typed } from '../chat/reply.js';
import { takeSample } from '../deliveries/sample.js';
import { UserError } from '../errors.js';
import type { Subscription, Target } from '../subscriptions/subscription.js';
import type { Topic } from '../topics/topic.js';
import { tidyQuery } from '../topics/parse-query.js';
import type { Command, CommandDeps } from './command.js';
import { day } from './day.js';
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
    { name: 'when', summary: 'How soon; this version only knows: now', required: false, kind: 'text' },
  ],
  example: 'subscribe routing-security',
};

export const subscribe: Command = { spec: SPEC, run };

const AT_ONCE = ['now', 'at once', 'immediately'];

async function run(deps: CommandDeps, call: CommandCall): Promise<Reply> {
  mustManage(call);
  const when = (call.options['when'] ?? 'now').trim().toLowerCase();
  if (!AT_ONCE.includes(when)) {
    throw new UserError(
      'not-yet',
      `Not yet: "${when}". Posts are told as soon as they are seen. Leave when: out, or write when:now`,
    );
  }
  const what = call.options['what'] ?? '';
  const asked = await targetOf(deps, what);
  if (asked.kind === 'near-topic') return didYouMean(tidyQuery(what), asked.topic);
  const now = deps.clock();
  // Looked up first: when that fails, nothing is subscribed either, and the answer that says so is true.
  const sample = sampleLines(await takeSample(deps, asked.target, now));
  const { subscription, added } = await deps.subscriptions.add(call.channel, asked.target, call.caller.id, now);
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

function done({ id }: Subscription, { target, name, typed: what }: Wanted, sample: readonly ReplyLine[]): Reply {
  return privateReply(
    [
      text(`From now on this channel is told of ${name}. ${explained(target)}`),
      ...sample,
      text('To stop it:'),
      typed(`unsubscribe ${what}`),
    ],
    button('Undo', `unsubscribe ${id}`),
  );
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
