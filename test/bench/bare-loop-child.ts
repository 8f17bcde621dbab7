import { Agent, request } from 'undici';
import { answerCalls } from '../support/child-calls.js';

/** What any poller of these feeds must at least do: ask each with its validator, and read what comes. */
export interface BareCall {
  readonly urls: readonly string[];
  readonly atOnce: number;
}

const etags = new Map<string, string>();
const dispatcher = new Agent();

async function ask(url: string): Promise<void> {
  const etag = etags.get(url);
  const answer = await request(url, { dispatcher, headers: etag === undefined ? {} : { 'if-none-match': etag } });
  await answer.body.arrayBuffer();
  const sent = answer.headers['etag'];
  if (typeof sent === 'string') etags.set(url, sent);
}

async function askAll({ urls, atOnce }: BareCall): Promise<number> {
  const startedAt = performance.now();
  const rest = urls.values();
  const askOneByOne = async (): Promise<void> => {
    for (const url of rest) await ask(url);
  };
  await Promise.all(Array.from({ length: atOnce }, askOneByOne));
  return performance.now() - startedAt;
}

await answerCalls((call) => askAll(call as BareCall));
