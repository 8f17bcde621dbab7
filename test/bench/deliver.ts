import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelRef, Platform } from '../../src/chat/channel.js';
import { createCaller } from '../support/child-calls.js';
import { promisePosts } from '../support/deliveries/promise-posts.js';
import { BOT_TOKEN } from '../support/slack/workspace.js';
import { spawnSource } from '../support/spawn.js';
import type { BarePosts } from './bare-posts-child.js';
import type { BenchOptions } from './options.js';
import { openPosting, type Posting } from './posting.js';
import type { BenchReport } from './report.js';

type Row = readonly [what: string, figure: string | number, against: string | number, ratio: string];
type Progress = (text: string) => void;

const CHANNELS = 400;
/** Posts of one poll that are not yet a burst. */
const POSTS = 5;
const FEW = { slack: 40, discord: 8 };
const POSTS_UNDER_LIMITS = 25;
const POSTS_FOR_ALL = 3;
const DISCORD_A_SECOND = 50;
const IDLE_SAMPLES = 100;
const IDLE_CHANNELS = 20;
const WAITING = { channels: 100, posts: 500 };
const FAIR_SAMPLES = 10;
const FAIR_EVERY_MS = 500;

/**
 * From stored post to accepted message: the product against the platforms' SDKs alone, against what the platforms allow,
 * and how long one message takes, alone and beside very many.
 */
export async function benchDeliver(options: BenchOptions, progress: Progress): Promise<BenchReport> {
  const rates = await benchRates(options, progress);
  const rest = await benchUnderLimits(options, progress);
  return {
    name: options.redis ? 'deliver-redis' : 'deliver',
    head: ['what', 'product', 'against', 'ratio'],
    rows: [...rates, ...rest.rows],
    notes: [
      `Rates: ${String(POSTS)} posts in each of ${String(CHANNELS)} channels, from "stored" to the last accepted; medians of ${String(options.rounds)} rounds by turns.`,
      `429s provoked under the limits: ${String(rest.limitHits)}.`,
    ],
  };
}

async function benchRates(options: BenchOptions, progress: Progress): Promise<Row[]> {
  const posting = await openPosting(options, { channels: CHANNELS, limits: false });
  const bare = spawnSource('test/bench/bare-posts-child.ts');
  try {
    await bare.line(/^ready$/);
    const ask = createCaller<BarePosts, number>(bare, 300_000);
    const rows: Row[] = [];
    for (const platform of ['slack', 'discord'] as const) {
      await posting.follow(`rate-${platform}`, posting[platform]);
      const rounds: { readonly bare: number; readonly product: number }[] = [];
      // The first round warms both up.
      for (let round = 0; round <= options.rounds; round += 1) {
        progress(`${platform}: round ${String(round)}.`);
        const call = bareCall(posting, platform, options);
        rounds.push({ bare: await ask(call), product: await productMs(posting, platform) });
      }
      const perSecond = (ms: number): number => Math.round((CHANNELS * POSTS * 1_000) / ms);
      const measured = rounds.slice(1);
      const [bareRate, productRate] = [
        perSecond(median(measured.map((one) => one.bare))),
        perSecond(median(measured.map((one) => one.product))),
      ];
      rows.push([
        `${platform}: messages a second, against its SDK alone`,
        productRate,
        bareRate,
        (productRate / bareRate).toFixed(2),
      ]);
    }
    return rows;
  } finally {
    await bare.kill('SIGKILL');
    await posting.close();
  }
}

function bareCall(
  { platforms, ...channels }: Posting,
  platform: 'slack' | 'discord',
  { atOnce }: BenchOptions,
): BarePosts {
  const ids = channels[platform].map(({ channelId }) => channelId);
  return {
    platform,
    channels: Array.from({ length: POSTS }, () => ids).flat(),
    atOnce,
    ...(platform === 'slack'
      ? { apiUrl: platforms.slackApiUrl, token: BOT_TOKEN }
      : { apiUrl: platforms.discordApiUrl, token: platforms.discordToken }),
  };
}

async function productMs(posting: Posting, platform: Platform): Promise<number> {
  await posting.begin();
  const storedAt = await posting.store(`rate-${platform}`, POSTS);
  const { posts } = await posting.seen(CHANNELS * POSTS);
  return lastOf(posts) - storedAt;
}

interface UnderLimits {
  readonly rows: readonly Row[];
  readonly limitHits: number;
}

async function benchUnderLimits(options: BenchOptions, progress: Progress): Promise<UnderLimits> {
  const posting = await openPosting(options, { channels: CHANNELS, limits: true });
  try {
    const rows: Row[] = [];
    let limitHits = 0;
    for (const platform of ['slack', 'discord'] as const) {
      progress(`${platform}: as fast as a channel may be written to.`);
      const share = await channelShare(posting, posting[platform].slice(0, FEW[platform]), platform);
      rows.push([`${platform}: messages a second in each channel, against what it allows`, ...share.row]);
      limitHits += share.limitHits;
    }
    progress('discord: as fast as a bot may write.');
    const all = await botShare(posting);
    rows.push(['discord: messages a second in all channels, against what it allows', ...all.row]);
    progress('One post at a time.');
    rows.push(await idleRow(posting));
    progress('Beside a workspace for which very many wait.');
    rows.push(await fairRow(posting));
    return { rows, limitHits: limitHits + all.limitHits };
  } finally {
    await posting.close();
  }
}

interface Share {
  readonly row: readonly [number, number, string];
  readonly limitHits: number;
}

/** Over the time from a channel's first message to its last, the median of the channels. */
async function channelShare(posting: Posting, channels: readonly ChannelRef[], platform: Platform): Promise<Share> {
  await posting.follow(`few-${platform}`, channels);
  await posting.begin();
  await posting.store(`few-${platform}`, POSTS_UNDER_LIMITS);
  const { posts, limitHits } = await posting.seen(channels.length * POSTS_UNDER_LIMITS);
  const rates = channels.map(({ channelId }) => rateOf(posts.filter(([channel]) => channel === channelId)));
  const rate = median(rates);
  return { row: [Number(rate.toFixed(3)), 1, rate.toFixed(2)], limitHits };
}

async function botShare(posting: Posting): Promise<Share> {
  await posting.follow('all-discord', posting.discord);
  await sleep(6_000);
  await posting.begin();
  await posting.store('all-discord', POSTS_FOR_ALL);
  const { posts, limitHits } = await posting.seen(posting.discord.length * POSTS_FOR_ALL);
  const rate = rateOf(posts);
  return { row: [Number(rate.toFixed(1)), DISCORD_A_SECOND, (rate / DISCORD_A_SECOND).toFixed(2)], limitHits };
}

async function idleRow(posting: Posting): Promise<Row> {
  const channels = posting.slack.slice(-IDLE_CHANNELS);
  for (const [index, channel] of channels.entries()) await posting.follow(`idle-${String(index)}`, [channel]);
  const waits: number[] = [];
  for (let sample = 0; sample < IDLE_SAMPLES; sample += 1) {
    await posting.begin();
    const storedAt = await posting.store(`idle-${String(sample % IDLE_CHANNELS)}`, 1);
    waits.push(lastOf((await posting.seen(1)).posts) - storedAt);
    await sleep(100 + Math.random() * 100);
  }
  const [half, most] = [quantile(waits, 0.5), quantile(waits, 0.99)];
  return ['idle: ms from "stored" to "accepted", p50 and p99', half, most, ''];
}

/** Another workspace's post, while 50,000 wait for one workspace. */
async function fairRow(posting: Posting): Promise<Row> {
  const [other, ...waiting] = posting.discord;
  if (!other) throw new Error('no channels');
  const theirs = waiting.slice(0, WAITING.channels).map((one) => ({ ...one, workspaceId: '300000000000000002' }));
  await posting.follow('many', theirs);
  await posting.follow('other', [other]);
  await promisePosts(posting.stores, new Date(), { posts: WAITING.posts, to: theirs });
  const waits: number[] = [];
  for (let sample = 0; sample < FAIR_SAMPLES; sample += 1) {
    await sleep(FAIR_EVERY_MS);
    await posting.begin();
    const storedAt = await posting.store('other', 1);
    waits.push((await firstIn(posting, other.channelId)) - storedAt);
  }
  return [
    `beside ${String(WAITING.channels * WAITING.posts)} waiting: ms for another workspace's post, p50 and most`,
    quantile(waits, 0.5),
    quantile(waits, 1),
    '',
  ];
}

async function firstIn(posting: Posting, channelId: string): Promise<number> {
  for (;;) {
    const { posts } = await posting.seen(1);
    const found = posts.find(([channel]) => channel === channelId);
    if (found) return found[1];
    await sleep(20);
  }
}

type Posts = readonly (readonly [channel: string, atMs: number])[];

function lastOf(posts: Posts): number {
  return Math.max(...posts.map(([, atMs]) => atMs));
}

/** Messages a second between the first and the last. */
function rateOf(posts: Posts): number {
  const firstMs = Math.min(...posts.map(([, atMs]) => atMs));
  return ((posts.length - 1) * 1_000) / (lastOf(posts) - firstMs);
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0;
}
