import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { entryFrom } from '../../../src/posts/from-entry.js';
import { newPostOf } from '../../../src/posts/new-post.js';
import { articleKeys } from '../../../src/posts/same/article-keys.js';
import { featuresOf, type Article } from '../../../src/posts/same/features.js';
import { sameArticle } from '../../../src/posts/same/same-article.js';
import type { Exchange, Figure, Suite } from '../suite.js';

const PAIRS = join('neardup', 'pairs.jsonl');
/** What relative addresses are relative to. */
const NOWHERE = new URL('http://unknown.invalid/');
const SCORER = join('tools', 'score-neardup.mjs');

/** Two entries of feeds: do they bring the same article? */
export const suite: Suite = {
  needs: [PAIRS, SCORER],
  predict,
  score,
};

interface Side {
  readonly title: string | null;
  readonly link: string | null;
  readonly guid: string | null;
  /** A date as ISO 8601. */
  readonly published: string | null;
  /** HTML or plain text. */
  readonly text: string;
}

interface Question {
  readonly id: string;
  readonly a: Side;
  readonly b: Side;
}

async function predict({ input, answer }: Exchange): Promise<void> {
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue;
    const { id, a, b } = JSON.parse(line) as Question;
    answer({ id, ...compared(articleOf(a), articleOf(b)) });
  }
}

/** As in the database: what shares no key is never compared. */
function compared(a: Article, b: Article): { readonly same: boolean; readonly score: number } {
  const [left, right] = [featuresOf(a), featuresOf(b)];
  const keys = articleKeys(b.title, right);
  const { same, score } = sameArticle(left, right);
  const isCandidate = articleKeys(a.title, left).some((key) => keys.includes(key));
  return isCandidate ? { same, score } : { same: false, score: score / 2 };
}

function articleOf({ title, link, guid, published, text: body }: Side): Article {
  const entry = entryFrom({
    guid,
    links: link === null ? [] : [link],
    title: { value: title ?? '', form: 'unsure' },
    author: null,
    summary: null,
    content: { value: body, form: 'unsure' },
    publishedAt: published === null ? null : new Date(published),
    updatedAt: null,
    tags: [],
    images: [],
    enclosures: [],
    base: NOWHERE,
  });
  return newPostOf(entry);
}

interface Report {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly kinds: Readonly<Record<string, { readonly same: boolean; readonly n: number; readonly correct: number }>>;
}

async function score(dataDir: string, command: string): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-eval-'));
  const file = join(folder, 'same.jsonl');
  const asked = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
  createReadStream(join(dataDir, PAIRS)).pipe(asked.stdin);
  await writeFile(file, await text(asked.stdout));
  const args = [join(dataDir, SCORER), join(dataDir, PAIRS), file, '--json'];
  const scorer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [report] = await Promise.all([text(scorer.stdout), once(scorer, 'close')]);
  await rm(folder, { recursive: true });
  const { precision, recall, f1, kinds } = JSON.parse(report) as Report;
  return [
    { name: 'F1', value: f1, atLeast: 0.97 },
    { name: 'precision', value: precision, atLeast: 0.98 },
    { name: 'recall', value: recall, atLeast: null },
    ...Object.entries(kinds).map(([kind, { n, correct }]) => ({ name: kind, value: correct / n, atLeast: null })),
  ];
}
