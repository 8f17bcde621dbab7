import { resolve } from 'node:path';
import { ENVIRONMENT_SCHEMA, halfSetGroups, type LogLevel, type Role, type Values } from './config-values.js';
import { ConfigError } from './errors.js';

export interface SlackConfig {
  readonly botToken: string;
  /** Set: Socket Mode. Null: requests to /slack/events, checked with `signingSecret`. */
  readonly appToken: string | null;
  readonly signingSecret: string | null;
  /** Ends in `/api/`. */
  readonly apiUrl: string;
}

export interface DiscordConfig {
  readonly token: string;
  readonly applicationId: string | null;
  /** Ed25519, 64 hex digits. Set: commands also arrive over HTTP. */
  readonly publicKey: string | null;
  /** Ends in `/api`; discord.js adds the version. */
  readonly apiUrl: string;
}

export interface Config {
  /** `url` null: the embedded server, in `dataDir` (absolute). */
  readonly database: { readonly url: string | null; readonly dataDir: string };
  readonly redisUrl: string | null;
  /** Absolute path of an OPML file. */
  readonly feedsFile: string | null;
  readonly roles: readonly Role[];
  /** `host:port` or CIDR, exempt from the address guard and from polling courtesy. */
  readonly allowHosts: readonly string[];
  readonly http: { readonly host: string; readonly port: number; readonly publicUrl: URL | null };
  readonly secretKey: string | null;
  /** What is done about messages of unknown fate. */
  readonly settling: { readonly settleMs: number; readonly whenUnsure: 'repeat' | 'drop' };
  readonly logLevel: LogLevel;
  readonly slack: SlackConfig | null;
  readonly discord: DiscordConfig | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration of the real process: `.env` in the working folder, under the real environment. */
export function readConfig(): Config {
  loadDotEnv('.env');
  return parseConfig(process.env);
}

/** @throws ConfigError naming every variable that is wrong. Values are never shown: some are secrets. */
export function parseConfig(environment: Environment): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = ENVIRONMENT_SCHEMA.safeParse(set);
  const wrong = (parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])} ${message}`);
  const problems = [...new Set([...wrong, ...halfSetGroups(set)])];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return fromValues(parsed.data);
}

function loadDotEnv(path: string): void {
  try {
    process.loadEnvFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new ConfigError([`.env cannot be read (${String(code)}). Make it readable for this user, or remove it`]);
  }
}

function fromValues(values: Values): Config {
  return {
    database: { url: values.DATABASE_URL ?? null, dataDir: resolve(values.TIDINGS_DATA) },
    redisUrl: values.REDIS_URL ?? null,
    feedsFile: values.TIDINGS_FEEDS ? resolve(values.TIDINGS_FEEDS) : null,
    roles: [...new Set(values.TIDINGS_ROLES)],
    allowHosts: values.TIDINGS_ALLOW_HOSTS,
    http: {
      host: values.HOST,
      port: values.PORT,
      publicUrl: values.TIDINGS_PUBLIC_URL ?? null,
    },
    secretKey: values.TIDINGS_SECRET_KEY ?? null,
    settling: { settleMs: values.TIDINGS_SETTLE_SECONDS * 1_000, whenUnsure: values.TIDINGS_WHEN_UNSURE },
    logLevel: values.LOG_LEVEL,
    slack: slackFrom(values),
    discord: discordFrom(values),
  };
}

function slackFrom(values: Values): SlackConfig | null {
  if (!values.SLACK_BOT_TOKEN) return null;
  return {
    botToken: values.SLACK_BOT_TOKEN,
    appToken: values.SLACK_APP_TOKEN ?? null,
    signingSecret: values.SLACK_SIGNING_SECRET ?? null,
    apiUrl: values.SLACK_API_URL ?? 'https://slack.com/api/',
  };
}

function discordFrom(values: Values): DiscordConfig | null {
  if (!values.DISCORD_TOKEN) return null;
  return {
    token: values.DISCORD_TOKEN,
    applicationId: values.DISCORD_APPLICATION_ID ?? null,
    publicKey: values.DISCORD_PUBLIC_KEY ?? null,
    apiUrl: values.DISCORD_API_URL ?? 'https://discord.com/api',
  };
}
