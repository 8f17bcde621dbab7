import { channelName, type ChannelRef } from '../chat/channel.js';
import type { Post } from '../posts/post.js';
import type { DeliveryState } from './delivery.js';

/** One feed that carried the post. */
export interface WhySighting {
  readonly feedTitle: string | null;
  readonly feedUrl: string;
  readonly firstSeenAt: Date;
  /** `backlog`: there before the first poll, so never announced. `waiting`: not matched yet. */
  readonly fate: 'backlog' | 'waiting' | 'matched';
}

/** One channel's promise. */
export interface WhyDelivery {
  readonly channel: ChannelRef;
  readonly state: DeliveryState['kind'];
  /** Why it was abandoned, or why its channel is refused; null while all is well. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly promisedAt: Date;
  readonly firstTriedAt: Date | null;
  /** When it is next due; null once it is sent or abandoned. */
  readonly dueAt: Date | null;
  /** When it was sent or abandoned; null before. */
  readonly endedAt: Date | null;
}

/** What is stored about the post behind a link. */
export type WhyReport =
  | {
      readonly kind: 'stored';
      readonly post: Pick<Post, 'id' | 'title' | 'url' | 'publishedAt' | 'firstSeenAt'>;
      /** Oldest first. */
      readonly sightings: readonly WhySighting[];
      readonly deliveries: readonly WhyDelivery[];
    }
  | { readonly kind: 'not-stored'; readonly hint: string };

export interface WhyStore {
  /** By the post's link, any spelling of it that names the same page. */
  readonly why: (link: URL) => Promise<WhyReport>;
}

/** The report as a person reads it: where the post was seen, and what each channel was told. */
export function whyLines(report: WhyReport, when: (at: Date) => string): string[] {
  if (report.kind === 'not-stored') return [`Not stored. ${report.hint}`];
  const { post, sightings, deliveries } = report;
  return [
    post.title,
    ...(post.url ? [post.url.href] : []),
    `First seen ${when(post.firstSeenAt)}.`,
    '',
    'Seen in',
    ...sightings.map((sighting) => `  ${sightingLine(sighting, when)}`),
    '',
    deliveries.length > 0 ? 'Told' : nobodyHeard(sightings),
    ...deliveries.map((delivery) => `  ${channelName(delivery.channel)}: ${deliveryLine(delivery, when)}`),
  ];
}

function nobodyHeard(sightings: readonly WhySighting[]): string {
  if (sightings.some(({ fate }) => fate === 'waiting')) return 'Told to nobody yet: it waits to be matched.';
  return sightings.every(({ fate }) => fate === 'backlog')
    ? 'Told to nobody: a backlog is stored, never announced.'
    : 'Told to nobody: no subscription wanted it when it was seen.';
}

function sightingLine({ feedTitle, feedUrl, firstSeenAt, fate }: WhySighting, when: (at: Date) => string): string {
  const seen = `${feedTitle ?? feedUrl}, ${when(firstSeenAt)}`;
  switch (fate) {
    case 'backlog':
      return `${seen}: it was there before the first poll of this feed, so it was not announced`;
    case 'waiting':
      return `${seen}: not matched with subscriptions yet`;
    case 'matched':
      return seen;
  }
}

function deliveryLine({ state, reason, attempts, dueAt, endedAt }: WhyDelivery, when: (at: Date) => string): string {
  const because = reason === null ? '' : ` (${reason})`;
  const tried = attempts === 0 ? '' : `, tried ${String(attempts)} ${attempts === 1 ? 'time' : 'times'}`;
  const due = dueAt === null ? 'soon' : when(dueAt);
  const ended = endedAt === null ? '' : ` ${when(endedAt)}`;
  const texts: Readonly<Record<WhyDelivery['state'], string>> = {
    pending: `to be sent ${due}${tried}${because}`,
    sending: `being sent now${tried}`,
    unknown: `the platform's answer was lost${tried}; looked up again ${due}`,
    sent: `sent${ended}${tried}`,
    abandoned: `given up${ended}${tried}${because}`,
  };
  return texts[state];
}
