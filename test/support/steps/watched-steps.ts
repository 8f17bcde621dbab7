import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';

/** Sees every step of what happens in `during`: each statement, and the end of each call of a watched port. */
export interface WatchedSteps {
  /** Names the steps of `work`. Steps outside of any are nobody's. */
  readonly during: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  readonly at: (step: string) => Promise<void>;
  readonly pool: (pool: Pool) => Pool;
  /** `fromStart`: its beginning is a step of its own, because no statement marks it. */
  readonly port: <Port extends object>(port: Port, fromStart?: 'from-start') => Port;
  readonly call: <Arguments extends unknown[], Result>(
    name: string,
    work: (...args: Arguments) => Promise<Result>,
  ) => (...args: Arguments) => Promise<Result>;
}

interface Scope {
  readonly name: string;
  readonly call: string;
  readonly counts: Map<string, number>;
}

/** A loop does the same step any number of times; its first two stand for the others. */
const TIMES = 2;

/** `reached` is told of each step before it is taken; while it does not resolve, nothing goes on. */
export function watchSteps(reached: (step: string) => Promise<void>): WatchedSteps {
  const scopes = new AsyncLocalStorage<Scope>();
  const at = async (step: string): Promise<void> => {
    const scope = scopes.getStore();
    if (!scope) return;
    const name = [scope.name, scope.call, step].filter(Boolean).join(' | ');
    const count = (scope.counts.get(name) ?? 0) + 1;
    scope.counts.set(name, count);
    if (count <= TIMES) await reached(count === 1 ? name : `${name}, again`);
  };
  const inCall = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
    const scope = scopes.getStore();
    return scope ? scopes.run({ ...scope, call }, work) : work();
  };
  const call = <Arguments extends unknown[], Result>(name: string, work: (...args: Arguments) => Promise<Result>) => {
    return (...args: Arguments) =>
      inCall(name, async () => {
        await at('begins');
        const result = await work(...args);
        await at('ends');
        return result;
      });
  };
  return {
    during: (name, work) => scopes.run({ name, call: '', counts: new Map() }, work),
    at,
    pool: (pool) => replacing(pool, { query: queryOf(pool, at), connect: () => session(pool, at) }),
    port: (port, fromStart) =>
      watchedPort(port, async (name, work) =>
        inCall(name, async () => {
          if (fromStart) await at('begins');
          const result = await work();
          await at('ends');
          return result;
        }),
      ),
    call,
  };
}

type At = WatchedSteps['at'];

async function session(pool: Pool, at: At): Promise<PoolClient> {
  const client = await pool.connect();
  return replacing(client, { query: queryOf(client, at) });
}

function queryOf(db: Pool | PoolClient, at: At): (...args: unknown[]) => Promise<unknown> {
  const query = db.query.bind(db) as (...args: unknown[]) => Promise<unknown>;
  return async (...args) => {
    const text = textOf(args[0]);
    await at(`before ${statementName(text)}`);
    const result = await query(...args);
    return result;
  };
}

function textOf(query: unknown): string {
  if (typeof query === 'object' && query !== null && 'text' in query) return String(query.text).trim();
  return String(query).trim();
}

/** What a statement does, in a few words, and four letters that tell it from others that do the same. */
function statementName(text: string): string {
  if (/^\w+$/.test(text)) return text;
  const writes = [...text.matchAll(/(?<!for )\b(insert into|update|delete from)\s+(?!set\b)(\w+)/g)];
  const reads = writes.length > 0 ? [] : [...text.matchAll(/\b(from|select)\s+(\w+)/g)].slice(-1);
  const what = [...writes, ...reads].map(([, verb = '', table = '']) => `${verb} ${table}`).join(', ');
  return `${what} (${createHash('sha256').update(text).digest('hex').slice(0, 4)})`;
}

function watchedPort<Port extends object>(
  port: Port,
  around: (name: string, work: () => Promise<unknown>) => Promise<unknown>,
): Port {
  return new Proxy(port, {
    get: (target, key): unknown => {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      const work = member as (...given: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => around(String(key), () => Reflect.apply(work, target, args));
    },
  });
}

/** The same object but for these members. */
function replacing<T extends object>(original: T, members: Readonly<Record<string, unknown>>): T {
  return new Proxy(original, {
    get: (target, key): unknown => {
      if (typeof key === 'string' && key in members) return members[key];
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => Reflect.apply(member as (...given: unknown[]) => unknown, target, args);
    },
  });
}
