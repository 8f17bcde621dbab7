import type { AddCommands } from './context.js';

interface TypedDemoOptions {
  readonly keep?: true;
  readonly feeds?: string;
  readonly only?: string;
  readonly json?: true;
}

export const addStartCommands: AddCommands = (program, { parts, exitWith }) => {
  program
    .command('start')
    .description('run the bot (what tidings does when nothing is said); Ctrl-C stops it')
    .option('--json', 'messages for console channels as one object per line')
    .action(async ({ json }: { readonly json?: true }) => {
      exitWith(await parts.start({ json: json === true }));
    });
  program
    .command('demo')
    .description('play recorded feeds through the whole bot in virtual time, offline')
    .option('--feeds <dir>', 'a folder of recordings, <dir>/<feed>/<NNNN>-<unixtime>.xml, instead of the bundled ones')
    .option('--only <feeds>', 'play only these feeds of the folder, comma-separated')
    .option('--keep', 'leave it running at the end')
    .option('--json', 'one object per line')
    .action(async ({ keep, feeds, only, json }: TypedDemoOptions) => {
      const names = only?.split(',').flatMap((name) => name.trim() || []);
      const options = { keep: keep === true, json: json === true, feedsDir: feeds ?? null, only: names ?? null };
      exitWith(await parts.demo(options));
    });
};
