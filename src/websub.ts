import type { Queue } from '../jobs/queue.js';
import { createRounds, type Rounds } from '../jobs/rounds.js';
import type { Config } from './config.js';
import { savePushed, type PollDeps } from './feeds/poll-feed.js';
import { createHubCallback, type HubCallback } from './feeds/websub/hub-callback.js';
import { askHubs, createNoteHub, type NoteHub } from './feeds/websub/ask-hubs.js';
import { errorText } from './log.js';
import type { Outside } from './outside.js';
import type { Stores } from './store/stores.js';

/** Null without a public address: no hub could reach us. Kept also by processes without the role `web`. */
export function noteHubOf({ http }: Config, { hubs }: Pick<Stores, 'hubs'>): NoteHub | null {
  return http.publicUrl ? createNoteHub(hubs) : null;
}

const ASK_HUBS_EVERY_MS = 15_000;

interface WebSubParts {
  readonly stores: Stores;
  readonly pollDeps: PollDeps;
  readonly queue: Pick<Queue, 'ring'>;
}

/** What hubs call, and the rounds that ask them; null where no hub could call back. */
export function createWebSub(
  config: Config,
  outside: Outside,
  { stores, pollDeps, queue }: WebSubParts,
): { readonly callback: HubCallback; readonly rounds: Rounds } | null {
  const { publicUrl } = config.http;
  if (!publicUrl || !config.roles.includes('web')) return null;
  const { clock, log, postForm } = outside;
  const callback = createHubCallback({
    ...stores,
    savePushed: (feed, body) => savePushed(pollDeps, feed, body),
    onSightings: (ids) => {
      // The sweep finds them too, a moment later.
      queue.ring({ stage: 'match', ids }).catch((error: unknown) => {
        log.debug('ring.failed', { stage: 'match', error: errorText(error) });
      });
    },
    clock,
    log,
  });
  let isSettled = false;
  const run = async () => {
    if (!isSettled) await stores.hubs.settleAddress(publicUrl, clock());
    isSettled = true;
    await askHubs({ ...stores, postForm, publicUrl, clock, log });
  };
  return { callback, rounds: createRounds({ name: 'ask-hubs', everyMs: ASK_HUBS_EVERY_MS, run, log }) };
}
