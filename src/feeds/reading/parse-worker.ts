import type { FeedBody, ParseOutcome, Window } from './feed-document.js';
import { parseFeed } from './parse-feed.js';
import { plainOutcome, type Plain } from './plain-outcome.js';

/** What a thread is asked: `parseFeed`, with the base address as text. */
export interface ParseTask extends Omit<FeedBody, 'baseUrl'> {
  readonly baseUrl: string;
  readonly window: Window;
}

/** The whole work of the parsing thread. */
export async function parseInThread({ baseUrl, window, ...body }: ParseTask): Promise<Plain<ParseOutcome>> {
  return plainOutcome(await parseFeed({ ...body, baseUrl: new URL(baseUrl) }, window));
}
