import { readFile, writeFile } from 'node:fs/promises';
import { writeOpml, type SkippedLine } from '../feeds/opml.js';
import type { ImportResult } from '../feeds/poll-result.js';
import { counted } from './counted.js';
import { print, withSession, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { failFeed, failIfNoneWorked, pollAll, polledJson, pollSummary } from './poll.js';
import { oneLine } from './table.js';

export interface ImportOptions extends JsonOption {
  /** False for --no-poll. */
  readonly poll: boolean;
}

const SHOWN_LINES = 20;

export async function importFile(context: CliContext, file: string, options: ImportOptions): Promise<void> {
  const opml = await readBytes(file);
  await withSession(context, async (session) => {
    const result = await session.importFeeds(opml);
    if (result.kind === 'failed') failFeed({ ...result, text: `${file} ${result.text}` });
    if (!options.json) context.io.write(importText(result));
    const { added } = result;
    const results = options.poll ? await pollAll(session, added, { context, options }) : new Map();
    const text = options.poll && added.length > 0 ? pollSummary(added, results) : leftText(added.length);
    print(context.io, options, { value: { ...result, polled: polledJson(added, results) }, text });
    failIfNoneWorked(results);
  });
}

function importText({ added, already, repeated, skipped }: Extract<ImportResult, { kind: 'imported' }>): string {
  const counts = [
    counted(added.length, 'new feed', 'new feeds'),
    `${String(already)} followed before`,
    ...(repeated > 0 ? [counted(repeated, 'line repeats another', 'lines repeat others')] : []),
    ...(skipped.length > 0 ? [counted(skipped.length, 'line skipped', 'lines skipped')] : []),
  ];
  return `${counts.join(', ')}.\n${skippedText(skipped)}`;
}

function skippedText(skipped: readonly SkippedLine[]): string {
  const lines = skipped
    .slice(0, SHOWN_LINES)
    .map(({ line, label, reason }) => `  line ${String(line)}, ${oneLine(label)}: ${oneLine(reason)}\n`);
  const more = skipped.length - SHOWN_LINES;
  return lines.join('') + (more > 0 ? `  and ${String(more)} more, all with --json\n` : '');
}

function leftText(added: number): string {
  if (added === 0) return '';
  return `${added === 1 ? 'It is' : 'They are'} due: the bot polls ${added === 1 ? 'it' : 'them'} while it runs.\n`;
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CliError(EXIT.badInput, `${file} cannot be read (${codeOf(error)}). Name an OPML file`);
  }
}

export async function exportFeeds(context: CliContext, file: string | undefined): Promise<void> {
  await withSession(context, async (session) => {
    const feeds = await session.feeds.list();
    const opml = writeOpml('Feeds of Tidings', feeds, session.clock());
    if (file === undefined) {
      context.io.write(opml);
      return;
    }
    await writeFile(file, opml).catch((error: unknown) => {
      throw new CliError(EXIT.badInput, `${file} cannot be written (${codeOf(error)}). Name another file`);
    });
    context.io.write(`${counted(feeds.length, 'feed', 'feeds')} written to ${file}.\n`);
  });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'error';
}
