import { ENVIRONMENT } from '../environment.js';

const NAME_WIDTH = 24;

export const ENVIRONMENT_HELP = [
  'Environment, also read from .env (the real environment wins; what holds when unset is in brackets):',
  ...ENVIRONMENT.flatMap(({ title, names }) => [
    `  ${title}:`,
    ...names.map(({ name, summary }) => `    ${name.padEnd(NAME_WIDTH)}${summary}`),
  ]),
].join('\n');

export const EXIT_CODE_HELP = `Exit codes:
  0   done
  64  what was typed makes no sense
  65  what was named is not there or is no good (a page that is no feed, an unknown topic)
  69  something else does not answer (database, queue, feed); later may help
  70  a bug in Tidings
  78  the configuration is wrong`;
