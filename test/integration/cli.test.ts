import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const MAIN = resolve('dist/src/main.js');

interface Ended {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

let folder: string;

/** Runs the compiled command in an empty folder, with nothing in its environment but what is given. */
function tidings(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(execPath, [MAIN, ...words], { cwd: folder, env: { ...environment } }, (_error, out, err) => {
      done({ exitCode: child.exitCode, out, err });
    });
  });
}

beforeAll(async () => {
  if (!existsSync(MAIN)) throw new Error('not compiled: npm run build');
  folder = await mkdtemp(join(tmpdir(), 'tidings-cli-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the command, as it is installed', () => {
  test('an unknown flag gets one line with a suggestion, exit code 64', async () => {
    expect(await tidings(['status', '--jsno'])).toStrictEqual({
      exitCode: 64,
      out: '',
      err: "tidings: unknown option '--jsno'. Did you mean --json? See tidings --help.\n",
    });
  });

  test('a wrong configuration is told whole, without a stack, exit code 78', async () => {
    const { exitCode, out, err } = await tidings(['status'], { DATABASE_URL: 'mysql://x', PORT: 'http' });
    expect({ exitCode, out }).toStrictEqual({ exitCode: 78, out: '' });
    expect(err).toMatch(/^tidings: DATABASE_URL is [^\n]+\ntidings: PORT is [^\n]+\n$/);
  });

  test('.env is read, and the real environment wins over it', async () => {
    await writeFile(join(folder, '.env'), 'PORT=from-file\nLOG_LEVEL=from-file\n');
    const { err } = await tidings(['status'], { PORT: '8080' });
    expect(err).toMatch(/^tidings: LOG_LEVEL does not take "from-file"[^\n]+\n$/);
  });

  test('help goes to standard output, exit code 0, whatever the configuration', async () => {
    const { exitCode, out, err } = await tidings(['--help'], { PORT: 'http' });
    expect([exitCode, err]).toStrictEqual([0, '']);
    expect(out).toContain('Exit codes:');
  });
});
