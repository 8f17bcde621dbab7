import { later } from '../clock.js';
import type { FeedId } from '../ids.js';
import type { PolledFeed } from '../feeds/poll-feed.js';
import type { DemoBot } from './demo-bot.js';
import type { DemoScreen } from './demo-screen.js';
import type { Step } from './recordings.js';
import type { ReplayServer } from './replay-server.js';
import { counted, NO_POLLS, type FeedTally } from './tally.js';
import type { VirtualClock } from './virtual-clock.js';

export interface Stage {
  readonly bot: DemoBot;
  readonly server: ReplayServer;
  readonly clock: VirtualClock;
  readonly screen: DemoScreen;
  /** Aborted when the person wants to stop. */
  readonly signal: AbortSignal;
}

/** How long the clock runs on after the last step for deliveries that wait their turn. */
const PATIENCE_MS = 7 * 86_400_000;

/** Walks through the steps in virtual time. Returns what each feed came to. */
export async function play(stage: Stage, walk: readonly Step[]): Promise<ReadonlyMap<string, FeedTally>> {
  const ids = new Map<string, FeedId>();
  const tallies = new Map<string, FeedTally>();
  for (const [done, step] of walk.entries()) {
    await passTime(stage, step.at);
    if (stage.signal.aborted) return tallies;
    stage.screen.progress(`${when(step.at)} ${step.feed}`, done + 1, walk.length);
    const before = tallies.get(step.feed) ?? NO_POLLS;
    const polled = await takeStep(stage, step, ids);
    const after = counted(before, polled);
    tallies.set(step.feed, after);
    const note = noteOn(step, polled, before);
    if (note) stage.screen.note(note);
    if (polled.kind === 'read' && polled.saved.sightings.length > 0) await stage.bot.settle();
  }
  await passTime(stage, later(stage.clock.now(), PATIENCE_MS));
  return tallies;
}

/** A feed is added when its recording begins, so its backlog is what it held that day. */
async function takeStep({ bot, server, clock }: Stage, step: Step, ids: Map<string, FeedId>): Promise<PolledFeed> {
  clock.moveTo(step.at);
  server.show(step.feed, step.index);
  const id = ids.get(step.feed) ?? (await bot.addFeed(server.url(step.feed), null));
  ids.set(step.feed, id);
  return bot.poll(id);
}

/** Moves the clock from one waiting delivery to the next, as far as `until`. */
async function passTime({ bot, clock, signal }: Stage, until: Date): Promise<void> {
  let dueAt = await bot.nextDueAt();
  while (dueAt && dueAt <= until && !signal.aborted) {
    clock.moveTo(dueAt);
    await bot.settle();
    const next = await bot.nextDueAt();
    if (next && next <= dueAt) throw new Error(`a delivery due at ${dueAt.toISOString()} was left undone`);
    dueAt = next;
  }
}

/** What is worth telling about one poll beyond the messages themselves; null for nothing. */
function noteOn(step: Step, polled: PolledFeed, before: FeedTally): string | null {
  const head = `· ${when(step.at)} ${step.feed}:`;
  switch (polled.kind) {
    case 'unchanged':
      return null;
    case 'failed':
      return `${head} ${polled.text}; nothing is lost, the next poll tries again`;
    case 'read': {
      const { newPosts, withheld } = polled.saved;
      if (!before.primed) return `${head} backlog of ${posts(newPosts)} stored, none announced`;
      const reasons = [
        ...(withheld.rebuilt > 0 ? [`${posts(withheld.rebuilt)} under new guids or links`] : []),
        ...(withheld.elsewhere > 0 ? [`${posts(withheld.elsewhere)} that another feed had first`] : []),
      ];
      return reasons.length > 0 ? `${head} ${reasons.join(' and ')}: known, not told again` : null;
    }
  }
}

function posts(number: number): string {
  return number === 1 ? '1 post' : `${String(number)} posts`;
}

function when(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
