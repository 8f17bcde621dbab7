import { channelName } from '../chat/channel.js';
import { FATES, KNOWN_BY, SAME_BY } from '../posts/decision.js';
import { IDENTITY_MODES } from '../posts/identity/mode.js';
import type { Target } from '../subscriptions/subscription.js';
import type { WhyDelivery, WhyEdit, WhyEvent, WhyReport, WhySighting } from './why.js';

type When = (at: Date) => string;
type Stored = Extract<WhyReport, { kind: 'stored' }>;

/**
 * The report as a person reads it: what was decided about the post, in order, and what each channel was told. `nobody`:
 * what to say when no channel of the report was.
 */
export function whyLines(report: WhyReport, when: When, nobody = 'Told to nobody'): string[] {
  if (report.kind === 'not-stored') return [`Not stored. ${report.hint}`];
  const { post, sightings, deliveries, others } = report;
  return [
    post.title,
    ...(post.url ? [post.url.href] : []),
    `First seen ${when(post.firstSeenAt)}.`,
    '',
    ...(sightings.length > 0 ? ['What was decided', ...decided(report, when)] : [NO_FEED]),
    '',
    deliveries.length > 0 ? 'Told' : `${nobody}${nobodyHeard(sightings)}`,
    ...deliveries.map((delivery) => `  ${channelName(delivery.channel)}: ${deliveryLine(delivery, when)}`),
    ...amendmentLines(report, when),
    ...(others.length > 0 ? ['', 'Also found'] : []),
    ...others.map(({ title, url }) => `  ${title}${url ? ` ${url.href}` : ''}`),
  ];
}

const NO_FEED = 'No feed that carried it is followed any more, and what was decided about it went with its feed.';

function nobodyHeard(sightings: readonly WhySighting[]): string {
  if (sightings.length === 0) return '.';
  if (sightings.some((one) => isWaiting(one))) return ' yet: it waits to be matched.';
  return sightings.every(({ fate }) => fate !== 'announced')
    ? ': what a feed shows of its past is stored, never announced.'
    : ': no subscription wanted it when it was seen, or all that did were muted.';
}

interface Moment {
  readonly at: Date;
  readonly text: string;
}

function decided({ sightings }: Stored, when: When): string[] {
  const moments = sightings.flatMap((one, index) => [
    ...arrivalOf(one, sightings.slice(0, index)),
    ...matchOf(one, when),
    ...one.events.map((event) => ({ at: event.at, text: `${feedOf(one)}: ${eventText(event)}` })),
  ]);
  const waiting = sightings.filter((one) => isWaiting(one));
  const modes = sightings.flatMap((one) =>
    one.identityMode ? [`  ${feedOf(one)} tells its entries apart by ${IDENTITY_MODES[one.identityMode]}`] : [],
  );
  return [
    ...moments.sort((a, b) => a.at.getTime() - b.at.getTime()).map(({ at, text }) => `  ${when(at)}  ${text}`),
    ...waiting.map((one) => `  ${feedOf(one)}: not matched with subscriptions yet`),
    ...modes,
  ];
}

function feedOf({ feedTitle, feedUrl }: WhySighting): string {
  return feedTitle ?? feedUrl;
}

function isWaiting({ fate, matchedAt }: WhySighting): boolean {
  return fate === 'announced' && matchedAt === null;
}

function arrivalOf(one: WhySighting, earlier: readonly WhySighting[]): Moment[] {
  const { firstSeenAt, sameBy, copies, fate } = one;
  const [first] = earlier;
  const because = sameBy === null ? '' : `, for ${SAME_BY[sameBy]}`;
  const what = first
    ? `new here, but the article that ${feedOf(first)} had brought${because}`
    : 'new, and from no other feed';
  const often = copies > 0 ? `; it stood there ${String(copies + 1)} times` : '';
  return [{ at: firstSeenAt, text: `${feedOf(one)}: ${what}${often}; ${FATES[fate]}` }];
}

/** Of what is only stored nothing is matched. */
function matchOf(one: WhySighting, when: When): Moment[] {
  const { matchedAt, wanted, promised, filtered, fate } = one;
  if (matchedAt === null || fate !== 'announced') return [];
  return [
    { at: matchedAt, text: `${feedOf(one)}: ${wantedText(wanted, promised, filtered.length)}` },
    ...filtered.map(({ channel, until }) => ({
      at: matchedAt,
      text: `filtered: ${channelName(channel)} asked for quiet ${until ? `until ${when(until)}` : 'until further notice'}`,
    })),
  ];
}

function wantedText(wanted: number | null, promised: number, muted: number): string {
  if (wanted === null) return 'matched with subscriptions';
  if (wanted === 0) return 'wanted by no subscription';
  const known = wanted - promised - muted;
  const before = known > 0 ? `, of which ${String(known)} had been promised it before` : '';
  return `wanted by ${String(wanted)} ${wanted === 1 ? 'channel' : 'channels'}${before}`;
}

function eventText(event: WhyEvent): string {
  switch (event.kind) {
    case 'renamed': {
      const times = event.times > 1 ? `, ${String(event.times)} times by now` : '';
      return `came under a new guid or link${times}; not told again, for it was known by ${KNOWN_BY[event.by]}`;
    }
    case 'reposted':
      return 'rewritten by its publisher, and told again, as this feed is set to (--repost-updates)';
    case 'edited': {
      const parts = event.changed.map((part) => partText(part, event));
      return `edited ${listed(parts).replace(/,$/, '')}; known by ${KNOWN_BY[event.by]}`;
    }
  }
}

type Edited = Extract<WhyEvent, { kind: 'edited' }>;

function partText(part: Edited['changed'][number], { formerTitle, formerLink }: Edited): string {
  switch (part) {
    case 'title':
      return formerTitle ? `the title, which was "${formerTitle}",` : 'the title';
    case 'link':
      return `the link, which was ${formerLink ?? 'missing'},`;
    case 'text':
    case 'picture':
      return `the ${part}`;
  }
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function amendmentLines({ amendment, deliveries }: Stored, when: When): string[] {
  if (!amendment) return [];
  const kinds = amendment.kinds.map((kind) => (kind === 'also-in' ? 'the other feed' : `the new ${kind}`));
  const digests = deliveries.some(({ inDigest }) => inDigest) ? ' Digests stay as they are.' : '';
  return [`What was sent before ${when(amendment.at)} was to be edited, for it lacked ${listed(kinds)}.${digests}`];
}

function deliveryLine(delivery: WhyDelivery, when: When): string {
  const { state, reason, attempts, dueAt, endedAt } = delivery;
  const because = reason === null ? '' : ` (${reason})`;
  const tried = attempts === 0 ? '' : `, tried ${String(attempts)} ${attempts === 1 ? 'time' : 'times'}`;
  const due = dueAt === null ? 'soon' : when(dueAt);
  const ended = endedAt === null ? '' : ` ${when(endedAt)}`;
  const texts: Readonly<Record<WhyDelivery['state'], string>> = {
    held: `waits for the digest of ${due}`,
    pending: `to be sent ${due}${tried}${because}`,
    sending: `being sent now${tried}`,
    unknown: `the platform's answer was lost${tried}; looked up again ${due}`,
    sent: `sent${ended}${tried}`,
    abandoned: `given up${ended}${tried}${because}`,
  };
  const where = delivery.inDigest ? ', in a digest' : editText(delivery, when);
  return texts[state] + where + wantedFor(delivery);
}

function editText({ edit }: WhyDelivery, when: When): string {
  if (!edit) return '';
  const because = edit.reason === null ? '' : ` (${edit.reason})`;
  const edited = edit.editedAt === null ? '' : `, edited ${when(edit.editedAt)}`;
  const next: Readonly<Record<WhyEdit['state'], string>> = {
    waiting: `, to be edited${edited === '' ? '' : ' again'}${because}`,
    done: '',
    dropped: `, not edited${edited === '' ? '' : ' again'}${because}`,
  };
  return edited + next[edit.state];
}

function wantedFor({ wantedBy }: WhyDelivery): string {
  return wantedBy.length > 0 ? `; it follows ${listed(wantedBy.map(targetText))}` : '';
}

function targetText(target: Target): string {
  switch (target.kind) {
    case 'feed':
      return 'the feed';
    case 'topic':
      return `the topic ${target.topicId}`;
    case 'query':
      return `the words ${target.text}`;
    case 'everything':
      return 'everything';
  }
}
