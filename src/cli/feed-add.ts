import type { AddFeedResult, SeveralFeeds } from '../feeds/poll-result.js';
import { counted } from './counted.js';
import { print, withSession, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { failFeed } from './poll.js';
import type { CliSession } from './session.js';
import { oneLine } from './table.js';
import { readFeedUrl } from './typed.js';
import { readSelection } from './selection.js';

export interface AddOptions extends JsonOption {
  readonly all?: true;
  readonly insecureTls?: true;
}

export async function add(context: CliContext, typed: string, options: AddOptions): Promise<void> {
  readFeedUrl(typed);
  const tls = { verifyTls: options.insecureTls === undefined };
  await withSession(context, async (session) => {
    const result = await session.addFeed(typed, tls);
    if (result.kind === 'failed') failFeed(result);
    if (result.kind !== 'choose') {
      print(context.io, options, { value: addedJson(result), text: addedLine(result) });
      return;
    }
    const chosen = options.all ? result.candidates : await choose(context, result, options);
    await addChosen(context, { session, urls: chosen.map(({ url }) => url), tls }, options);
  });
}

/** @throws CliError with the candidates when nobody can be asked. */
async function choose(
  { io }: CliContext,
  several: SeveralFeeds,
  options: JsonOption,
): Promise<SeveralFeeds['candidates']> {
  const { page, candidates } = several;
  const numbered = candidates.map(({ url, title }, index) => {
    const name = title === null ? '' : `  ${oneLine(title)}`;
    return `  ${String(index + 1).padStart(2)}  ${url.href}${name}\n`;
  });
  const question = `${page.href} has ${String(candidates.length)} feeds:\n${numbered.join('')}Follow which? Numbers, all, or Enter for none: `;
  const answer = options.json ? null : await io.ask(question);
  if (answer !== null) return readSelection(answer, candidates);
  if (options.json) io.write(`${JSON.stringify({ kind: 'choose', page, candidates }, null, 2)}\n`);
  const commands = candidates.map(
    ({ url, title }) => `  tidings feed add ${url.href}${title === null ? '' : `   (${oneLine(title)})`}`,
  );
  const text = `${page.href} has ${String(candidates.length)} feeds. Add one of these, or all of them with --all:`;
  throw new CliError(EXIT.badInput, [text, ...commands].join('\n'));
}

interface Chosen {
  readonly session: CliSession;
  readonly urls: readonly URL[];
  readonly tls: { readonly verifyTls: boolean };
}

/** Each in turn; one that is no feed is told of and holds up no other. */
async function addChosen(
  { io, exitWith }: CliContext,
  { session, urls, tls }: Chosen,
  options: JsonOption,
): Promise<void> {
  const results: AddFeedResult[] = [];
  for (const url of urls) {
    const result = await session.addFeed(url.href, tls);
    results.push(result);
    if (!isFollowed(result)) io.writeError(`tidings: ${refusalOf(result, url)}\n`);
    else if (!options.json) io.write(addedLine(result));
  }
  const followed = results.filter(isFollowed);
  print(io, options, { value: followed.map(addedJson), text: urls.length === 0 ? 'Nothing is followed.\n' : '' });
  if (urls.length > 0 && followed.length === 0) exitWith(EXIT.badInput);
}

function isFollowed(result: AddFeedResult): result is Followed {
  return result.kind === 'added' || result.kind === 'already';
}

function refusalOf(result: Exclude<AddFeedResult, Followed>, url: URL): string {
  return result.kind === 'failed' ? result.text : `${url.href} is a web page, not a feed`;
}

type Followed = Extract<AddFeedResult, { kind: 'added' | 'already' }>;

function addedLine(result: Followed): string {
  const { title, url } = result.feed;
  const name = title === null ? url.href : `${oneLine(title)}: ${url.href}`;
  return result.kind === 'added'
    ? `Following ${name} (${counted(result.entries, 'entry', 'entries')} stored, none announced).\n`
    : `Followed already: ${name}\n`;
}

function addedJson(result: Followed): object {
  const { id, title, url } = result.feed;
  return { kind: result.kind, id, title, url, ...('entries' in result && { entries: result.entries }) };
}
