import { answerCalls } from '../support/child-calls.js';
import { startDiscordServer } from '../support/discord/discord-server.js';
import { startSlackServer } from '../support/slack/slack-server.js';

/** What the platforms are to be, and what they are asked. */
export type PlatformsCall =
  | {
      readonly do: 'open';
      readonly slackChannels: readonly string[];
      readonly discordChannels: readonly string[];
      /** Slack's message a second per channel, Discord's five in 5 s per channel and 50 a second. */
      readonly limits: boolean;
    }
  /** Forgets what came so far. */
  | { readonly do: 'begin' }
  | { readonly do: 'seen' };

export interface Platforms {
  readonly slackApiUrl: string;
  readonly discordApiUrl: string;
  readonly discordToken: string;
  readonly guildId: string;
}

/** A post that reached a platform: in which channel, and when by `Date.now()`. */
export interface Seen {
  readonly platforms: Platforms | null;
  readonly posts: readonly (readonly [channel: string, atMs: number])[];
  readonly limitHits: number;
}

let posts: [channel: string, atMs: number][] = [];
let opened: Platforms | null = null;
let hits = (): number => 0;
let hitsBefore = 0;

async function open(call: PlatformsCall & { readonly do: 'open' }): Promise<void> {
  const slack = await startSlackServer({
    channels: call.slackChannels,
    burst: call.limits ? 3 : null,
    remembers: false,
    mishap: ({ method, params }) => {
      if (method === 'chat.postMessage') posts.push([params['channel'] ?? '', Date.now()]);
      return null;
    },
  });
  const discord = await startDiscordServer({
    channelIds: call.discordChannels,
    bucket: call.limits ? { limit: 5, perMs: 5_000 } : null,
    ...(call.limits && { globalPerSecond: 50 }),
    remembers: false,
    mishap: ({ route, path }) => {
      if (route === 'POST /channels/:id/messages') posts.push([path.split('/')[2] ?? '', Date.now()]);
      return null;
    },
  });
  hits = () => slack.limitHits() + discord.limitHits();
  opened = {
    slackApiUrl: slack.apiUrl,
    discordApiUrl: discord.apiUrl,
    discordToken: discord.token,
    guildId: discord.guildId,
  };
}

async function answer(call: PlatformsCall): Promise<Seen> {
  if (call.do === 'open') await open(call);
  if (call.do === 'begin') {
    posts = [];
    hitsBefore = hits();
  }
  return { platforms: opened, posts: call.do === 'seen' ? posts : [], limitHits: hits() - hitsBefore };
}

await answerCalls((call) => answer(call as PlatformsCall));
