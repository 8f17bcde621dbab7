import type { Feed, PollHints } from '../feed.js';
import type { Brought, PollRecord, Rest } from '../feed-store.js';
import type { FetchOutcome } from '../fetching/fetch-outcome.js';
import { conditionsAfter, validatorsToSend, type ConditionalAnswer } from './conditions.js';
import { NEWS_REMEMBERED } from './interval.js';
import { isLasting, moveAfter } from './move.js';
import { goneNotice, isOutage, outageNotice, recoveryNotice } from '../outage.js';
import { nextPollAt } from './schedule.js';

/** When a poll was, and the chance that spreads the next one: in [0, 1). */
export interface Moment {
  readonly startedAt: Date;
  readonly now: Date;
  readonly random: number;
}

type Good = Extract<FetchOutcome, { kind: 'fetched' | 'unchanged' }>;
type Bad = Exclude<FetchOutcome, { kind: 'fetched' | 'unchanged' }>;

/** Share of the latest poll in `newShare`: four good ones in a row outweigh a silent past. */
const LATEST_SHARE = 0.2;

/** The feed has what it had before: by "not modified", or by the same bytes again. */
export function afterUnchanged(feed: Feed, outcome: Good, moment: Moment): PollRecord {
  const answer = outcome.kind === 'unchanged' ? 'unchanged' : 'same';
  const conditions = conditionsAfter(feed.conditions, answer, sent(feed));
  return goodRecord({ ...feed, conditions, newShare: feed.newShare * (1 - LATEST_SHARE) }, outcome, moment);
}

/** A document was read, whole or not. */
export function afterRead(
  feed: Feed,
  outcome: Extract<Good, { kind: 'fetched' }>,
  read: { readonly hints: PollHints; readonly cutOff: boolean; readonly brought: Brought },
  moment: Moment,
): PollRecord {
  const { brought, cutOff } = read;
  const answer: ConditionalAnswer = brought.newSightings + brought.edited > 0 ? 'different' : 'same';
  const history = {
    ...feed,
    ...newsAfter(feed, brought, moment.now),
    // A hub that is trusted would have pushed it.
    pushedUntil: brought.newSightings > 0 ? null : feed.pushedUntil,
    hints: read.hints,
    conditions: feed.primedAt ? conditionsAfter(feed.conditions, answer, sent(feed)) : feed.conditions,
  };
  const record = goodRecord(history, outcome, moment);
  // What a document that broke off lacks must not be hidden by its validators.
  if (cutOff) return { ...record, validators: feed.validators, trouble: CUT_OFF };
  return {
    ...record,
    adopt: record.move && brought.known > 0 && isLasting(record.move, moment.now) ? record.move.to : null,
  };
}

const CUT_OFF = 'broke off: what came before the break was read, and it is asked again';

/** Nothing could be read. The validators stay: what they would hide was never stored. */
export function afterFailure(
  feed: Feed,
  outcome: Bad,
  trouble: { readonly text: string; readonly rest: Rest | null },
  moment: Moment,
): PollRecord {
  const { now } = moment;
  const history = {
    ...feed,
    failures: feed.failures + 1,
    failingSince: feed.failingSince ?? now,
    goneSince: outcome.kind === 'gone' ? (feed.goneSince ?? now) : null,
  };
  const next = nextPollAt(outcome, history, now, moment.random);
  const ended = next === null ? goneNotice(feed) : null;
  const notice = ended ?? (isOutage(history, now) ? outageNotice(history, trouble.text) : null);
  return {
    ...recordOf(history, moment.startedAt),
    nextPollAt: laterOf(next, trouble.rest?.until ?? null),
    trouble: trouble.text,
    rest: trouble.rest,
    notice,
    outageToldAt: notice ? now : feed.outageToldAt,
  };
}

function goodRecord(feed: Feed, outcome: Good, moment: Moment): PollRecord {
  const history = { ...feed, failures: 0, failingSince: null, goneSince: null };
  return {
    ...recordOf(history, moment.startedAt),
    outageToldAt: null,
    notice: feed.outageToldAt ? recoveryNotice(feed) : null,
    validators: outcome.validators,
    move: moveAfter(feed.move, outcome.movedTo, moment.now),
    nextPollAt: nextPollAt(outcome, history, moment.now, moment.random),
  };
}

function recordOf(feed: Feed, startedAt: Date): PollRecord {
  return { ...feed, startedAt, adopt: null, trouble: null, rest: null, notice: null };
}

function newsAfter(feed: Feed, { newSightings, gap }: Brought, now: Date): Pick<Feed, 'newAt' | 'newShare' | 'gapAt'> {
  const gapAt = gap ? now : feed.gapAt;
  // A backlog says nothing about how often something new comes.
  if (!feed.primedAt) return { newAt: feed.newAt, newShare: feed.newShare, gapAt };
  const isNew = newSightings > 0;
  return {
    newAt: isNew ? [...feed.newAt, now].slice(-NEWS_REMEMBERED) : feed.newAt,
    newShare: feed.newShare * (1 - LATEST_SHARE) + (isNew ? LATEST_SHARE : 0),
    gapAt,
  };
}

function sent(feed: Feed): Feed['validators'] {
  return validatorsToSend(feed.validators, feed.conditions);
}

function laterOf(at: Date | null, other: Date | null): Date | null {
  return at && other && other > at ? other : at;
}
