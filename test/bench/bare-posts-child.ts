import { randomUUID } from 'node:crypto';
import { Routes, REST } from 'discord.js';
import { webApi } from '@slack/bolt';
import { renderMessage as discordBody } from '../../adapters/discord/render.js';
import { renderMessage as slackBody } from '../../adapters/slack/render.js';
import type { Message } from '../../src/chat/message.js';
import { answerCalls } from '../support/child-calls.js';

/** The least that a bot does who posts: the platform's own SDK, as many requests at once as help. */
export interface BarePosts {
  readonly platform: 'slack' | 'discord';
  /** One message each. */
  readonly channels: readonly string[];
  readonly atOnce: number;
  /** What the SDK is pointed at. */
  readonly apiUrl: string;
  readonly token: string;
}

type Send = (channel: string, message: Message) => Promise<unknown>;

function senderOf({ platform, apiUrl, token }: BarePosts): Send {
  if (platform === 'slack') {
    const client = new webApi.WebClient(token, { slackApiUrl: apiUrl, retryConfig: { retries: 0 } });
    return (channel, message) => client.chat.postMessage({ channel, ...slackBody(message), ...SLACK_KEY() });
  }
  const rest = new REST({ api: apiUrl, version: '10', globalRequestsPerSecond: Infinity }).setToken(token);
  return (channel, message) =>
    rest.post(Routes.channelMessages(channel), {
      body: { ...discordBody(message), nonce: randomUUID().slice(0, 22), enforce_nonce: true },
    });
}

const SLACK_KEY = (): object => ({
  metadata: { event_type: 'tidings_delivery', event_payload: { delivery_id: randomUUID() } },
  unfurl_links: false,
  unfurl_media: false,
});

async function postAll(call: BarePosts): Promise<number> {
  const send = senderOf(call);
  const rest = call.channels.entries();
  const startedAt = performance.now();
  const hand = async (): Promise<void> => {
    for (const [index, channel] of rest) await send(channel, messageOf(index));
  };
  await Promise.all(Array.from({ length: call.atOnce }, hand));
  return performance.now() - startedAt;
}

/** As long as what the product says of the posts of this bench. */
function messageOf(index: number): Message {
  return {
    format: 'card',
    publish: false,
    title: `Post ${String(index)} of feed 01234567`,
    url: new URL(`https://blog.example/posts/post-${String(index)}-of-feed-01234567`),
    source: 'A feed',
    author: null,
    publishedAt: new Date(),
    topics: [],
    summary: `What there is to say about Post ${String(index)} of feed 01234567.`,
    imageUrl: null,
    lines: [],
    alsoIn: [],
    buttons: [],
    continues: null,
  };
}

await answerCalls((call) => postAll(call as BarePosts));
