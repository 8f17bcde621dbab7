import type { Command } from './command.js';
import { digest } from './digest.js';
import { createHelp } from './help.js';
import { like } from './like.js';
import { mute, unmute } from './mute.js';
import { search } from './search.js';
import { subscribe } from './subscribe.js';
import { subscriptions } from './subscriptions.js';
import { topics } from './topics.js';
import { unsubscribe } from './unsubscribe.js';
import { why } from './why.js';

const WITHOUT_HELP: readonly Command[] = [
  search,
  like,
  subscribe,
  unsubscribe,
  subscriptions,
  digest,
  mute,
  unmute,
  why,
  topics,
];

/** Every slash command there is. What adapters offer and what runs both come from here. */
export const COMMANDS: readonly Command[] = [...WITHOUT_HELP, createHelp(WITHOUT_HELP.map(({ spec }) => spec))];
