import { isWithin, parsePauseScope, pauseScopeName, type Pause } from '../deliveries/pause.js';
import { print, withSession, type AddCommands, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { oneLine, table } from './table.js';
import { relative } from './times.js';
import { readDuration } from './typed.js';

const WHAT = 'slack, slack:<team>, discord, discord:<guild>, console or a channel';

export const addPauseCommands: AddCommands = (program, context) => {
  program
    .command('pause')
    .description('write nothing there for now; what is promised waits and is sent afterwards')
    .argument('<what>', WHAT)
    .option('--for <time>', 'resume by itself, such as after 30m, 2h or 3d')
    .option('--json', 'print JSON')
    .action((what: string, options: PauseOptions) => pause(context, what, options));
  program
    .command('resume')
    .description('end a pause')
    .argument('<what>', WHAT)
    .option('--json', 'print JSON')
    .action((what: string, options: JsonOption) => resume(context, what, options));
  program
    .command('pauses')
    .description('what is paused, since when and why')
    .option('--json', 'print JSON')
    .action((options: JsonOption) => list(context, options));
};

interface PauseOptions extends JsonOption {
  readonly for?: string;
}

async function pause(context: CliContext, what: string, options: PauseOptions): Promise<void> {
  const scope = parsePauseScope(what);
  const forMs = options.for === undefined ? null : readDuration('--for', options.for);
  await withSession(context, async ({ pauses, clock }) => {
    const pausedAt = clock();
    const until = forMs === null ? null : new Date(pausedAt.getTime() + forMs);
    await pauses.pause({ scope, reason: 'paused by the operator', pausedAt, until });
    const name = pauseScopeName(scope);
    const ends = until ? `until ${until.toISOString()}` : `until: tidings resume ${name}`;
    print(context.io, options, { value: { paused: name, until }, text: `${name} is paused ${ends}\n` });
  });
}

async function resume(context: CliContext, what: string, options: JsonOption): Promise<void> {
  const scope = parsePauseScope(what);
  const name = pauseScopeName(scope);
  await withSession(context, async ({ pauses, clock }) => {
    const resumed = await pauses.resume(scope, clock());
    const wider = (await pauses.list(clock())).find((one) => isWithin(scope, one.scope));
    const still = wider && pauseScopeName(wider.scope);
    if (!resumed) {
      const advice = still ? `${still} is: tidings resume ${still}` : 'tidings pauses lists what is';
      throw new CliError(EXIT.badInput, `${name} is not paused itself; ${advice}`);
    }
    const text = still ? `${name} stays silent: ${still} is paused too\n` : `${name} is written to again\n`;
    print(context.io, options, { value: { resumed: name, pausedBy: still ?? null }, text });
  });
}

async function list(context: CliContext, options: JsonOption): Promise<void> {
  await withSession(context, async ({ pauses, clock }) => {
    const now = clock();
    const found = await pauses.list(now);
    const lines = found.map((one) => pauseRow(one, now));
    const text =
      found.length === 0 ? 'Nothing is paused.\n' : table(['Paused', 'Since', 'Ends', 'Why'], lines, context.io);
    const value = found.map(({ scope, ...rest }) => ({ what: pauseScopeName(scope), ...rest }));
    print(context.io, options, { value, text });
  });
}

function pauseRow({ scope, reason, pausedAt, until }: Pause, now: Date): string[] {
  return [pauseScopeName(scope), relative(pausedAt, now), until ? relative(until, now) : 'by hand', oneLine(reason)];
}
