import { closestWord } from '../chat/closest-word.js';
import { topicNamed } from '../commands/target-of.js';
import { followedAt } from '../feeds/feed-address.js';
import type { Target } from '../subscriptions/subscription.js';
import { parseQuery, tidyQuery } from '../topics/parse-query.js';
import { CliError, EXIT } from './exit.js';
import type { CliSession } from './session.js';
import { readFeedUrl } from './typed.js';

export interface ChoiceOptions {
  readonly feed?: string;
  readonly topic?: string;
  readonly query?: string;
  readonly everything?: true;
}

/** What a channel is to hear of, as typed. */
export type Choice =
  | { readonly kind: 'feed'; readonly url: URL }
  | { readonly kind: 'topic'; readonly name: string }
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'everything' };

/** @throws CliError, or UserError for a query that cannot be read. */
export function readChoice({ feed, topic, query, everything }: ChoiceOptions): Choice {
  const choices: Choice[] = [];
  if (feed !== undefined) choices.push({ kind: 'feed', url: readFeedUrl(feed) });
  if (topic !== undefined) choices.push({ kind: 'topic', name: topic });
  if (query !== undefined) choices.push({ kind: 'query', text: tidyQuery(query) });
  if (everything) choices.push({ kind: 'everything' });
  const [choice, ...others] = choices;
  if (!choice || others.length > 0) {
    throw new CliError(EXIT.usage, 'say one of --feed <url>, --topic <name>, --query <words> or --everything');
  }
  if (choice.kind === 'query') parseQuery(choice.text);
  return choice;
}

/** @throws CliError when there is no such feed or topic. */
export async function targetOf(choice: Choice, session: CliSession): Promise<Target> {
  switch (choice.kind) {
    case 'feed': {
      const feed = await followedAt(session.feeds, choice.url);
      if (feed) return { kind: 'feed', feedId: feed.id };
      const { href } = choice.url;
      throw new CliError(EXIT.badInput, `no feed is followed at ${href}. Add it first: tidings feed add ${href}`);
    }
    case 'topic': {
      const topic = topicNamed(choice.name, session.topics);
      if (topic) return { kind: 'topic', topicId: topic.id };
      const near = closestWord(
        choice.name,
        session.topics.map(({ id }) => id),
      );
      const advice = near === null ? 'tidings topics lists them' : `Did you mean ${near}?`;
      throw new CliError(EXIT.badInput, `there is no topic "${choice.name}". ${advice}`);
    }
    case 'query':
    case 'everything':
      return choice;
  }
}

export function sameTarget(one: Target, other: Target): boolean {
  return JSON.stringify(keyOf(one)) === JSON.stringify(keyOf(other));
}

function keyOf(target: Target): readonly string[] {
  switch (target.kind) {
    case 'feed':
      return [target.kind, target.feedId];
    case 'topic':
      return [target.kind, target.topicId];
    case 'query':
      return [target.kind, target.text];
    case 'everything':
      return [target.kind];
  }
}
