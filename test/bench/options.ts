import { parseArgs } from 'node:util';
import { join } from 'node:path';

export interface BenchOptions {
  /** Null: each bench's own. */
  readonly feeds: number | null;
  /** Posts stored in the large database of the identity bench. */
  readonly posts: number;
  readonly entriesPerFeed: number;
  readonly textBytes: number;
  readonly rounds: number;
  /** Requests under way at once in the bare loop. */
  readonly atOnce: number;
  /** The queue runs on Redis instead of in PostgreSQL. */
  readonly redis: boolean;
  /** The compiled product. */
  readonly dist: string;
  /** Where the product writes its CPU profile; null: none. */
  readonly profile: string | null;
  /** Part of the names of the hostile documents to poll. */
  readonly only: string;
}

const OPTIONS = {
  feeds: { type: 'string' },
  posts: { type: 'string', default: '1000000' },
  entries: { type: 'string', default: '50' },
  text: { type: 'string', default: '1000' },
  rounds: { type: 'string', default: '3' },
  'at-once': { type: 'string', default: '10' },
  redis: { type: 'boolean', default: false },
  dist: { type: 'string', default: join(import.meta.dirname, '..', '..', 'dist') },
  profile: { type: 'string' },
  only: { type: 'string', default: '' },
} as const;

/** What was typed behind `npm run bench --`: names of benches, then options. */
export function readOptions(args: readonly string[]): {
  readonly names: readonly string[];
  readonly options: BenchOptions;
} {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  return {
    names: positionals,
    options: {
      feeds: values.feeds === undefined ? null : Number(values.feeds),
      posts: Number(values.posts),
      entriesPerFeed: Number(values.entries),
      textBytes: Number(values.text),
      rounds: Number(values.rounds),
      atOnce: Number(values['at-once']),
      redis: values.redis,
      dist: values.dist,
      profile: values.profile ?? null,
      only: values.only,
    },
  };
}
