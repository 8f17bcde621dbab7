import { closestWord } from '../chat/closest-word.js';
import type { CommandCall, CommandSpec, Reply } from '../chat/command.js';
import { privateReply, text, typed } from '../chat/reply.js';
import { UserError } from '../errors.js';
import type { SubscriptionView } from '../subscriptions/subscription-store.js';
import { tidyQuery } from '../topics/parse-query.js';
import type { Topic } from '../topics/topic.js';
import type { Command, CommandDeps } from './command.js';
import { mustManage } from './permission.js';
import { namesOf, subscriptionName } from './subscription-names.js';
import { topicNamed } from './target-of.js';

const SPEC: CommandSpec = {
  name: 'unsubscribe',
  summary: 'Stop telling this channel of something',
  options: [
    {
      name: 'what',
      summary: 'What you subscribed to, or its number in the list of subscriptions',
      required: true,
      kind: 'words',
    },
  ],
  example: 'unsubscribe 2',
};

export const unsubscribe: Command = { spec: SPEC, run };

async function run(deps: CommandDeps, call: CommandCall): Promise<Reply> {
  mustManage(call);
  const what = tidyQuery(call.options['what'] ?? '');
  const list = await deps.subscriptions.list(call.channel, deps.clock());
  if (what === '')
    throw new UserError(
      'empty-what',
      'Say what to stop: a topic, a feed, the words, or a number from /tidings subscriptions',
    );
  const chosen = chosenFrom(list, what, deps.topics);
  if (!chosen) return notThere(list, what, deps.topics);
  await deps.subscriptions.remove(chosen.id);
  return removed(chosen, deps.topics);
}

/** Only ever one of this channel's own, whatever id was given. */
function chosenFrom(
  list: readonly SubscriptionView[],
  what: string,
  topics: readonly Topic[],
): SubscriptionView | null {
  const byName = list.find((each) => namesOf(each, topics).some((name) => isSame(name, what)));
  if (byName) return byName;
  const topic = topicNamed(what, topics);
  const byTopic = topic && list.find(({ target }) => target.kind === 'topic' && target.topicId === topic.id);
  return byTopic ?? (/^#?\d{1,6}$/.test(what) ? (list[Number(what.replace('#', '')) - 1] ?? null) : null);
}

function isSame(name: string, what: string): boolean {
  return name.toLowerCase() === what.toLowerCase();
}

function removed(gone: SubscriptionView, topics: readonly Topic[]): Reply {
  const { target, feedUrl } = gone;
  const again = { topic: '', query: '', feed: feedUrl ?? '', everything: 'everything' };
  if (target.kind === 'topic') again.topic = target.topicId;
  if (target.kind === 'query') again.query = target.text;
  return privateReply([
    text(`Stopped. ${subscriptionName(gone, topics)} is no longer told here. To have it back:`),
    typed(`subscribe ${again[target.kind]}`),
  ]);
}

function notThere(list: readonly SubscriptionView[], what: string, topics: readonly Topic[]): Reply {
  if (list.length === 0)
    return privateReply([text('This channel is subscribed to nothing, so there is nothing to stop.')]);
  const meant = closestWord(
    what,
    list.flatMap((each) => namesOf(each, topics).slice(1)),
  );
  if (meant !== null) {
    return privateReply([
      text(`This channel has no subscription "${what}". Did you mean:`),
      typed(`unsubscribe ${meant}`),
    ]);
  }
  return privateReply([
    text(`This channel has no subscription "${what}". These are the ones it has:`),
    typed('subscriptions'),
  ]);
}
