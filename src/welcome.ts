import type { App } from './app.js';
import type { Config, DiscordConfig } from './config.js';

/** What a person reads when the bot has started: how it stands, and how to go on. */
export async function welcome(config: Config, app: App): Promise<string> {
  const { feeds } = await app.stores.statusOf.counts();
  const subscriptions = await app.stores.subscriptions.list(null, app.pollDeps.clock());
  const address = app.address();
  return [
    `Tidings runs: ${String(feeds)} feeds, ${String(subscriptions.length)} subscriptions${address ? `, ${address}` : ''}. Ctrl-C stops it.`,
    ...(feeds === 0 ? ['No feed is followed yet. Add one: npx tidings feed add https://example.org/feed.xml'] : []),
    ...(config.slack || config.discord ? [] : [NO_PLATFORM]),
    ...(config.slack ? [] : [SLACK]),
    ...(config.discord ? await invitation(config.discord) : [DISCORD]),
  ].join('\n');
}

async function invitation({ applicationId }: DiscordConfig): Promise<string[]> {
  if (applicationId === null) return [];
  // Loaded only here: the SDK takes a moment, which no other command should wait for.
  const { inviteUrl } = await import('../adapters/discord/invite.js');
  return [`To invite the bot to a Discord server: ${inviteUrl(applicationId)}`];
}

const NO_PLATFORM = 'Neither Slack nor Discord is set up, so messages are shown here.';

const SLACK = `To add Slack:
  1. https://api.slack.com/apps > Create New App > From a manifest: paste adapters/slack/manifest.yaml.
  2. Install it to your workspace; put the Bot User OAuth Token into .env as SLACK_BOT_TOKEN.
  3. Basic Information > App-Level Tokens: make one with connections:write; put it into .env as SLACK_APP_TOKEN.
  4. Start again, invite the bot to a channel, and type /tidings help there.`;

const DISCORD = `To add Discord:
  1. https://discord.com/developers/applications > New Application > Bot > Reset Token; put it into .env as DISCORD_TOKEN.
  2. Put the Application ID (General Information) into .env as DISCORD_APPLICATION_ID.
  3. Start again: it prints the link that invites the bot with exactly the permissions it needs.
  4. Type /tidings help in a channel.`;
