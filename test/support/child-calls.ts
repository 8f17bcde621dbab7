import { createInterface } from 'node:readline';
import type { Child } from './spawn.js';

interface Call<Request> {
  readonly n: number;
  readonly request: Request;
}

type Ask<Request, Reply> = (request: Request) => Promise<Reply>;

/** Asks a child that answers calls, and waits for its answer. Values travel as JSON. */
export function createCaller<Request, Reply>(child: Child, withinMs = 60_000): Ask<Request, Reply> {
  let calls = 0;
  return async (request) => {
    calls += 1;
    const start = `reply ${String(calls)} `;
    child.tell(JSON.stringify({ n: calls, request } satisfies Call<Request>));
    const line = await child.line(new RegExp(`^${start}`), withinMs);
    return JSON.parse(line.slice(start.length)) as Reply;
  };
}

/** The child's side: says that it is ready, then answers one call after the other until its standard input ends. */
export async function answerCalls(answer: (request: unknown) => Promise<unknown>): Promise<void> {
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const { n, request } = JSON.parse(line) as Call<unknown>;
    const reply = await answer(request);
    process.stdout.write(`reply ${String(n)} ${JSON.stringify(reply)}\n`);
  }
}
