import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { compiled } from '../compiled.js';
import { openSenders, type SendersWorld } from '../crash-senders.js';
import { CORRECTED, type Correct } from '../deliveries/promise-posts.js';
import { createLosses } from './losses.js';

const POSTS = 2;
/** Kills fall at a step, not into a time, which therefore may be short. */
const ANSWER_DELAY_MS = 40;
/** Edits are slow, and those that nobody waits for cost time in the end. */
const ENOUGH_EDITS = 50;
const EDITED_WITHIN_MS = 60_000;
const SOON_MS = 60_000;
/** Soon to be done, and put off for long, as after many deaths in a row; $1 how late soon is. */
const EDITS = `
  select (select count(*) from amendments where not spread)::integer * (select count(*) from channels)::integer
           + (count(*) filter (where due_at <= $1))::integer as open,
         (count(*) filter (where due_at > $1))::integer as "putOff"
    from edits where state = 'waiting'`;

interface WaitingEdits {
  readonly open: number;
  readonly putOff: number;
}

/** Three processes that deliver and tell of their steps, and something to do for them. */
export interface StepSenders extends SendersWorld {
  /** Two posts, to every channel. Each platform loses a request meanwhile, and an answer. */
  readonly bringPosts: () => Promise<void>;
  /** The titles of two posts are corrected, the oldest first, if there is little to be edited. */
  readonly correctTitles: () => Promise<void>;
  /** Posts so far, and those of them that were corrected. */
  readonly counts: () => { readonly brought: number; readonly corrected: number };
  /** Until no message is soon to be edited. Resolves with how many are to be edited later. Rejects after a minute. */
  readonly drainEdits: () => Promise<number>;
  /** How many messages show a corrected title. */
  readonly correctedMessages: () => number;
}

export async function openStepSenders(redisUrl: string | null): Promise<StepSenders> {
  const program = [`${await compiled('test/support/steps')}/sender-child.js`];
  const { lose, ...mishaps } = createLosses();
  const world = await openSenders({ redisUrl, program, announces: true, answerDelayMs: ANSWER_DELAY_MS, mishaps });
  const { slack, discord, database, channels } = world;
  const redis = redisUrl === null ? null : new Redis(redisUrl);
  const corrections: Correct[] = [];
  let corrected = 0;
  /** Redis forgets all, as it may: its time is that on the wall, and it would hold long what the dead were editing. */
  const waitingEdits = async (): Promise<WaitingEdits> => {
    await redis?.flushall();
    const { rows } = await database.pool.query<WaitingEdits>(EDITS, [new Date(Date.now() + SOON_MS)]);
    return rows[0] ?? { open: 0, putOff: 0 };
  };
  return {
    ...world,
    bringPosts: async () => {
      lose();
      corrections.push(await world.promise(POSTS));
    },
    correctTitles: async () => {
      if ((await waitingEdits()).open > ENOUGH_EDITS) return;
      await corrections[corrected]?.(new Date(Date.now()));
      corrected = Math.min(corrected + 1, corrections.length);
    },
    counts: () => ({ brought: corrections.length * POSTS, corrected: corrected * POSTS }),
    drainEdits: async () => {
      const giveUpAt = performance.now() + EDITED_WITHIN_MS;
      for (;;) {
        const { open, putOff } = await waitingEdits();
        if (open === 0) return putOff;
        if (performance.now() > giveUpAt) throw new Error(`messages still to be edited: ${String(open)}`);
        await sleep(500);
      }
    },
    correctedMessages: () =>
      channels
        .flatMap(({ platform, channelId }): readonly unknown[] =>
          platform === 'slack' ? slack.messages(channelId) : discord.messages(channelId),
        )
        .filter((message) => JSON.stringify(message).includes(CORRECTED)).length,
    close: async () => {
      redis?.disconnect();
      await world.close();
    },
  };
}
