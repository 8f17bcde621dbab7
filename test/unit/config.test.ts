import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseConfig, type Environment } from '../../src/config.js';
import { ENVIRONMENT } from '../../src/environment.js';
import { ConfigError } from '../../src/errors.js';

function problemsOf(environment: Environment): readonly string[] {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
const DISCORD = { DISCORD_TOKEN: 'token' };

describe('the configuration', () => {
  test('an empty environment is a whole configuration: embedded database, all roles, console only', () => {
    expect(parseConfig({})).toStrictEqual({
      database: { url: null, dataDir: resolve('.tidings') },
      redisUrl: null,
      feedsFile: null,
      roles: ['poll', 'match', 'deliver', 'chat', 'web'],
      allowHosts: [],
      http: { host: '127.0.0.1', port: 8080, publicUrl: null },
      secretKey: null,
      settling: { settleMs: 60_000, whenUnsure: 'repeat' },
      logLevel: 'info',
      slack: null,
      discord: null,
    });
  });

  test('every name can be set', () => {
    const config = parseConfig({
      DATABASE_URL: 'postgres://tidings:s%40fe@db:5432/tidings',
      REDIS_URL: 'rediss://cache:6380/2',
      TIDINGS_DATA: '/var/lib/tidings',
      TIDINGS_FEEDS: '/etc/tidings/feeds.opml',
      TIDINGS_ROLES: 'poll, match,poll,',
      TIDINGS_ALLOW_HOSTS: 'wiki.local:8443,10.1.0.0/16,[::1]:80,fd00::/8',
      TIDINGS_PUBLIC_URL: 'https://bot.example.org/tidings',
      TIDINGS_SECRET_KEY: 'k'.repeat(32),
      TIDINGS_SETTLE_SECONDS: '90',
      TIDINGS_WHEN_UNSURE: 'Drop',
      LOG_LEVEL: 'DEBUG',
      HOST: '::',
      PORT: '0',
      ...SLACK,
      SLACK_SIGNING_SECRET: 'signing',
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 'client',
      SLACK_STATE_SECRET: 'state',
      SLACK_API_URL: 'http://127.0.0.1:9001/api/',
      SLACK_AUTHORIZE_URL: 'http://127.0.0.1:9001/authorize',
      ...DISCORD,
      DISCORD_APPLICATION_ID: '1',
      DISCORD_PUBLIC_KEY: 'aB'.repeat(32),
      DISCORD_API_URL: 'http://127.0.0.1:9002/api',
    });

    expect(config).toStrictEqual({
      database: { url: 'postgres://tidings:s%40fe@db:5432/tidings', dataDir: '/var/lib/tidings' },
      redisUrl: 'rediss://cache:6380/2',
      feedsFile: '/etc/tidings/feeds.opml',
      roles: ['poll', 'match'],
      allowHosts: ['wiki.local:8443', '10.1.0.0/16', '[::1]:80', 'fd00::/8'],
      http: { host: '::', port: 0, publicUrl: new URL('https://bot.example.org/tidings') },
      secretKey: 'k'.repeat(32),
      settling: { settleMs: 90_000, whenUnsure: 'drop' },
      logLevel: 'debug',
      slack: {
        botToken: 'xoxb-1',
        appToken: 'xapp-1',
        signingSecret: 'signing',
        apiUrl: 'http://127.0.0.1:9001/api/',
      },
      discord: {
        token: 'token',
        applicationId: '1',
        publicKey: 'aB'.repeat(32),
        apiUrl: 'http://127.0.0.1:9002/api',
      },
    });
  });

  test('an empty or blank value is the same as none', () => {
    const blank = Object.fromEntries(ENVIRONMENT.flatMap(({ names }) => names.map(({ name }) => [name, ' '])));
    expect(parseConfig(blank)).toStrictEqual(parseConfig({}));
  });

  test.each([
    ['DATABASE_URL', 'mysql://h/db'],
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_URL', 'postgres:///nohost'],
    ['REDIS_URL', 'localhost:6379'],
    ['TIDINGS_ROLES', 'pol'],
    ['TIDINGS_ROLES', ','],
    ['TIDINGS_ALLOW_HOSTS', '10.0.0.1'],
    ['TIDINGS_ALLOW_HOSTS', '10.0.0.0/33'],
    ['TIDINGS_ALLOW_HOSTS', 'wiki.local:0'],
    ['TIDINGS_ALLOW_HOSTS', 'http://wiki.local:80'],
    ['TIDINGS_PUBLIC_URL', 'bot.example.org'],
    ['TIDINGS_PUBLIC_URL', 'https://bot.example.org/?a'],
    ['TIDINGS_SECRET_KEY', 'short'],
    ['TIDINGS_SETTLE_SECONDS', 'a minute'],
    ['TIDINGS_WHEN_UNSURE', 'guess'],
    ['LOG_LEVEL', 'loud'],
    ['HOST', 'http://127.0.0.1'],
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['SLACK_API_URL', 'https://slack.com/api'],
    ['DISCORD_API_URL', 'https://discord.com/api/v10'],
    ['DISCORD_API_URL', 'https://discord.com/api/'],
    ['DISCORD_PUBLIC_KEY', 'not hex'],
  ])('%s=%s is one problem, which names the variable and says what to write', (name, value) => {
    const [problem, ...others] = problemsOf({ ...SLACK, ...DISCORD, [name]: value });
    expect(problem).toMatch(new RegExp(`^${name} .*\\. (Write|Copy) `));
    expect(others).toStrictEqual([]);
  });

  test('all problems are told at once, those between variables too', () => {
    const problems = problemsOf({
      DATABASE_URL: 'x',
      PORT: 'x',
      LOG_LEVEL: 'x',
      DISCORD_PUBLIC_KEY: 'x',
      ...SLACK,
      SLACK_CLIENT_ID: '1',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toStrictEqual([
      'DATABASE_URL',
      'LOG_LEVEL',
      'PORT',
      'DISCORD_PUBLIC_KEY',
      'SLACK_CLIENT_SECRET',
      'SLACK_STATE_SECRET',
      'SLACK_SIGNING_SECRET',
      'DISCORD_TOKEN',
    ]);
  });

  test.each([
    [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN is missing, and SLACK_APP_TOKEN needs it'],
    [{ SLACK_SIGNING_SECRET: 's' }, 'SLACK_BOT_TOKEN is missing, and SLACK_SIGNING_SECRET needs it'],
    [{ ...SLACK, SLACK_STATE_SECRET: 's' }, 'SLACK_CLIENT_ID is missing, and SLACK_STATE_SECRET needs it'],
    [{ DISCORD_APPLICATION_ID: '1' }, 'DISCORD_TOKEN is missing, and DISCORD_APPLICATION_ID needs it'],
  ])('a half-set group is a problem: %j', (environment, problem) => {
    expect(problemsOf(environment)).toStrictEqual([expect.stringContaining(problem)]);
  });

  test('no problem ever shows the value of a secret or of an address that may hold a password', () => {
    const names = ENVIRONMENT.flatMap((group) => group.names.map(({ name }) => name)).filter((name) =>
      /TOKEN|SECRET|KEY|URL|CLIENT/.test(name),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.stringMatching(/^[!-~ ]{0,40}$/), (name, padding) => {
        const canary = `hunter2${padding}`;
        expect(problemsOf({ [name]: canary }).join('\n')).not.toContain('hunter2');
      }),
    );
  });
});
