import { isIP } from 'node:net';
import { z } from 'zod';

export const ROLES = ['poll', 'match', 'deliver', 'chat', 'web'] as const;
export type Role = (typeof ROLES)[number];

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Messages follow the variable's name: "PORT is not …. Write …". None repeats a value that could be a secret. */
const text = z.string().trim();
const secret = text.regex(/^[\x21-\x7e]+$/, 'holds spaces or unusual characters. Copy it again, without quotes');

function url(protocols: readonly string[], advice: string): z.ZodString {
  return text.refine((value) => {
    const parsed = URL.canParse(value) ? new URL(value) : null;
    return (
      parsed !== null && protocols.includes(parsed.protocol) && (parsed.host !== '' || parsed.searchParams.has('host'))
    );
  }, `is not a usable address. ${advice}`);
}

function webUrl(shape: RegExp, advice: string): z.ZodString {
  return url(['http:', 'https:'], advice).regex(shape, `is not a usable address. ${advice}`);
}

/** An empty item is nobody's mistake: "poll,match,". */
function items(value: string): string[] {
  return value.split(',').flatMap((part) => part.trim() || []);
}

function words<const Word extends string>(known: readonly Word[]): z.ZodEnum<{ [Key in Word]: Key }> {
  const error = ({ input }: { readonly input?: unknown }): string =>
    `does not take "${String(input)}". Write ${known.join(', ')}`;
  return z.enum(known, { error });
}

const allowedHost = z.string().refine(isHostPortOrCidr, {
  error: ({ input }) => `does not take "${String(input)}". Write host:port (wiki.local:8443) or CIDR (10.1.0.0/16)`,
});

export const ENVIRONMENT_SCHEMA = z.object({
  DATABASE_URL: url(
    ['postgres:', 'postgresql:'],
    'Write postgres://user:password@host:5432/name (percent-encode odd characters), or unset it for the embedded server',
  ).optional(),
  REDIS_URL: url(
    ['redis:', 'rediss:'],
    'Write redis://host:6379 (rediss:// for TLS), or unset it to keep the queue in PostgreSQL',
  ).optional(),
  TIDINGS_DATA: text.default('.tidings'),
  TIDINGS_FEEDS: text.optional(),
  TIDINGS_ROLES: text
    .transform(items)
    .pipe(z.array(words(ROLES)).min(1, `names no role. Write ${ROLES.join(', ')}, or unset it for all`))
    .prefault(ROLES.join(',')),
  TIDINGS_ALLOW_HOSTS: text.transform(items).pipe(z.array(allowedHost)).prefault(''),
  TIDINGS_PUBLIC_URL: webUrl(/^[^?#@]*$/, 'Write https://bot.example.org')
    .transform((value) => new URL(value))
    .optional(),
  TIDINGS_SECRET_KEY: secret.min(32, 'is too short. Write at least 32 characters: openssl rand -hex 32').optional(),
  TIDINGS_SETTLE_SECONDS: text
    .regex(/^\d{1,4}$/, 'is not a number of seconds. Write 60, or what your proxies may hold a request back')
    .transform(Number)
    .prefault('60'),
  TIDINGS_WHEN_UNSURE: text
    .toLowerCase()
    .pipe(words(['repeat', 'drop']))
    .prefault('repeat'),
  LOG_LEVEL: text.toLowerCase().pipe(words(LOG_LEVELS)).prefault('info'),
  HOST: text
    .regex(/^[\w.:-]+$/, 'is not an address to listen on. Write 127.0.0.1, 0.0.0.0 or a name, without a port')
    .default('127.0.0.1'),
  PORT: text.refine(isPort, 'is not a port. Write 0 to 65535').transform(Number).prefault('8080'),
  SLACK_BOT_TOKEN: secret.optional(),
  SLACK_APP_TOKEN: secret.optional(),
  SLACK_SIGNING_SECRET: secret.optional(),
  SLACK_CLIENT_ID: secret.optional(),
  SLACK_CLIENT_SECRET: secret.optional(),
  SLACK_STATE_SECRET: secret.optional(),
  SLACK_API_URL: webUrl(/^[^?#]*\/api\/$/, 'Write https://slack.com/api/, with /api/ at the end').optional(),
  SLACK_AUTHORIZE_URL: webUrl(/^[^?#]*$/, 'Write https://slack.com/oauth/v2/authorize').optional(),
  DISCORD_TOKEN: secret.optional(),
  DISCORD_APPLICATION_ID: secret.optional(),
  DISCORD_PUBLIC_KEY: text
    .regex(
      /^[\da-f]{64}$/i,
      "is not a public key. Copy the 64 hex digits from the application's General Information page",
    )
    .optional(),
  DISCORD_API_URL: webUrl(
    /^[^?#]*\/api$/,
    'Write https://discord.com/api, with /api at the end and no version',
  ).optional(),
});

export type Values = z.infer<typeof ENVIRONMENT_SCHEMA>;

type Name = keyof Values;
type IsSet = Readonly<Partial<Record<Name, unknown>>>;

/** A name that is useless without others, and what to do about it. */
const NEEDS: readonly { readonly name: Name; readonly needs: readonly Name[] }[] = [
  { name: 'SLACK_APP_TOKEN', needs: ['SLACK_BOT_TOKEN'] },
  { name: 'SLACK_SIGNING_SECRET', needs: ['SLACK_BOT_TOKEN'] },
  { name: 'SLACK_CLIENT_ID', needs: ['SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET', 'SLACK_SIGNING_SECRET'] },
  { name: 'SLACK_CLIENT_SECRET', needs: ['SLACK_CLIENT_ID'] },
  { name: 'SLACK_STATE_SECRET', needs: ['SLACK_CLIENT_ID'] },
  { name: 'DISCORD_APPLICATION_ID', needs: ['DISCORD_TOKEN'] },
  { name: 'DISCORD_PUBLIC_KEY', needs: ['DISCORD_TOKEN'] },
];

/** One line per name that was set without what it needs. */
export function halfSetGroups(set: IsSet): string[] {
  return NEEDS.flatMap(({ name, needs }) => {
    const missing = set[name] === undefined ? [] : needs.filter((other) => set[other] === undefined);
    return missing.map((other) => `${other} is missing, and ${name} needs it. Set both, or unset ${name}`);
  });
}

const CIDR = /^(.+)\/(\d{1,3})$/;
const HOST_PORT = /^(?:\[([\da-f:.]+)\]|[\w.-]+):(\d{1,5})$/i;

function isHostPortOrCidr(value: string): boolean {
  return isCidr(value) || isHostPort(value);
}

function isCidr(value: string): boolean {
  const [, address = '', bits = ''] = CIDR.exec(value) ?? [];
  const width = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return address !== '' && Number(bits) <= width;
}

function isHostPort(value: string): boolean {
  const [, ipv6, port = '0'] = HOST_PORT.exec(value) ?? [];
  return isPort(port) && Number(port) > 0 && (ipv6 === undefined || isIP(ipv6) === 6);
}

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535;
}
