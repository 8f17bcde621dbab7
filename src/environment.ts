/** One environment variable, as `--help` and `.env.example` explain it. */
export interface EnvironmentName {
  readonly name: string;
  /** At most 100 characters. */
  readonly summary: string;
}

interface EnvironmentGroup {
  readonly title: string;
  readonly names: readonly EnvironmentName[];
}

/** Every name the configuration knows. */
export const ENVIRONMENT: readonly EnvironmentGroup[] = [
  {
    title: 'Storage and queue',
    names: [
      { name: 'DATABASE_URL', summary: 'postgres://user:password@host:5432/name; unset: an embedded PostgreSQL' },
      { name: 'REDIS_URL', summary: 'redis://host:6379; unset: the queue lives in PostgreSQL' },
      { name: 'TIDINGS_DATA', summary: 'folder of the embedded PostgreSQL (.tidings)' },
    ],
  },
  {
    title: 'What it does',
    names: [
      { name: 'TIDINGS_FEEDS', summary: 'OPML file whose feeds are added at start' },
      { name: 'TIDINGS_ROLES', summary: 'what this process does: poll, match, deliver, chat, web (all)' },
      {
        name: 'TIDINGS_ALLOW_HOSTS',
        summary: 'internal feeds that may be polled: host:port or CIDR (10.1.0.0/16), comma-separated',
      },
      {
        name: 'TIDINGS_SETTLE_SECONDS',
        summary: 'how long after it was lost a request may still be carried out (60 s)',
      },
      {
        name: 'TIDINGS_WHEN_UNSURE',
        summary: 'repeat or drop a message when nobody can tell whether it was posted (repeat)',
      },
      { name: 'TIDINGS_SECRET_KEY', summary: 'for encrypting stored tokens; at least 32 characters; not used yet' },
      { name: 'LOG_LEVEL', summary: 'debug, info, warn, error or silent (info)' },
    ],
  },
  {
    title: 'Web server',
    names: [
      { name: 'HOST', summary: 'address to listen on (127.0.0.1)' },
      { name: 'PORT', summary: 'port to listen on; 0 picks a free one (8080)' },
      { name: 'TIDINGS_PUBLIC_URL', summary: 'where the world reaches this server, https://bot.example.org' },
    ],
  },
  {
    title: 'Slack',
    names: [
      { name: 'SLACK_BOT_TOKEN', summary: 'bot token (xoxb-…); turns Slack on' },
      { name: 'SLACK_APP_TOKEN', summary: 'app-level token (xapp-…): Socket Mode, no public address needed' },
      { name: 'SLACK_SIGNING_SECRET', summary: 'instead of Socket Mode: checks requests to /slack/events' },
      { name: 'SLACK_CLIENT_ID', summary: 'client ID, for installing by link; checked, not used yet' },
      { name: 'SLACK_CLIENT_SECRET', summary: 'client secret, goes with SLACK_CLIENT_ID; not used yet' },
      { name: 'SLACK_STATE_SECRET', summary: 'any long random text, goes with SLACK_CLIENT_ID; not used yet' },
      { name: 'SLACK_API_URL', summary: 'Web API, ends in /api/ (https://slack.com/api/)' },
      { name: 'SLACK_AUTHORIZE_URL', summary: 'install page (https://slack.com/oauth/v2/authorize); not used yet' },
    ],
  },
  {
    title: 'Discord',
    names: [
      { name: 'DISCORD_TOKEN', summary: 'bot token; turns Discord on' },
      { name: 'DISCORD_APPLICATION_ID', summary: 'application ID; unset: asked of Discord' },
      { name: 'DISCORD_PUBLIC_KEY', summary: 'public key: commands also over HTTP at /discord/interactions' },
      { name: 'DISCORD_API_URL', summary: 'REST API, ends in /api, no version (https://discord.com/api)' },
    ],
  },
];
