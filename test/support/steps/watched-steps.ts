import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';

/** Sees every step of what happens in `during`: each statement, and the end of each call of a watched port. */
export interface WatchedSteps {
  /** Names the steps of `work`. Steps outside of any are nobody's. */
  readonly during: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** The same for work that goes on for ever: a step has one name however often it is taken. */
  readonly always: <T>(work: () => Promise<T>) => Promise<T>;
  readonly at: (step: string) => Promise<void>;
  /** `sent`: that a statement which writes was sent, and not answered, is a step of its own. */
  readonly pool: (pool: Pool, sent?: 'sent') => Pool;
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
  /** How often each step was taken; null where that makes no difference. */
  readonly counts: Map<string, number> | null;
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
    const count = scope.counts === null ? 1 : (scope.counts.get(name) ?? 0) + 1;
    scope.counts?.set(name, count);
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
    always: (work) => scopes.run({ name: '', call: '', counts: null }, work),
    at,
    pool: (pool, sent) => {
      const query = sent ? sentOf(pool, at) : queryOf(pool, at);
      return replacing(pool, { query, connect: () => session(pool, at, sent) });
    },
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

async function session(pool: Pool, at: At, sent?: 'sent'): Promise<PoolClient> {
  const client = await pool.connect();
  return replacing(client, { query: inOrder(at, (before) => queryOf(client, before, sent)) });
}

/** Statements that do not wait for each other are sent in the order in which they were given, however long a step takes. */
function inOrder<Query>(at: At, queryWith: (at: At) => Query): Query {
  let last: Promise<void> = Promise.resolve();
  return queryWith((step) => {
    last = last.then(() => at(step));
    return last;
  });
}

/** On a session that is there, a statement is sent in the turn that it is given to it. */
function sentOf(pool: Pool, at: At): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => {
    const client = await pool.connect();
    let broken = true;
    try {
      const result = await queryOf(client, at, 'sent')(...args);
      broken = false;
      return result;
    } finally {
      client.release(broken);
    }
  };
}

function queryOf(db: Pool | PoolClient, at: At, sent?: 'sent'): (...args: unknown[]) => Promise<unknown> {
  const query = db.query.bind(db) as (...args: unknown[]) => Promise<unknown>;
  return async (...args) => {
    const text = textOf(args[0]);
    await at(`before ${statementName(text)}`);
    const answer = query(...args);
    if (!sent || !(text === 'commit' || writesOf(text).length > 0)) return answer;
    const isSent = nextTurn().then(() => at(`sent ${statementName(text)}`));
    return (await Promise.all([answer, isSent]))[0];
  };
}

function textOf(query: unknown): string {
  if (typeof query === 'object' && query !== null && 'text' in query) return String(query.text).trim();
  return String(query).trim();
}

/** What a statement does, in a few words, and four letters that tell it from others that do the same. */
function statementName(text: string): string {
  if (/^\w+$/.test(text)) return text;
  const writes = writesOf(text);
  const reads = writes.length > 0 ? [] : [...text.matchAll(/\b(from|select)\s+(\w+)/g)].slice(-1);
  const what = [...writes, ...reads].map(([, verb = '', table = '']) => `${verb} ${table}`).join(', ');
  return `${what} (${createHash('sha256').update(text).digest('hex').slice(0, 4)})`;
}

function writesOf(text: string): RegExpExecArray[] {
  return [...text.matchAll(/(?<!for |key )\b(insert into|update|delete from)\s+(?!set\b)(\w+)/g)];
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
