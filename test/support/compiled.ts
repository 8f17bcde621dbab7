import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transformFile } from '@swc/core';

const ROOT = join(import.meta.dirname, '..', '..');
const LANGUAGE = {
  sourceMaps: 'inline',
  jsc: { target: 'es2023', parser: { syntax: 'typescript' }, transform: { verbatimModuleSyntax: true } },
  module: { type: 'es6' },
} as const;

/**
 * Compiles the files of a folder of tests into `dist`, where they import the bot as built: it starts twice as fast as one
 * that is compiled while it is loaded. `folder` is a path from the root; returns the one in `dist`.
 */
export async function compiled(folder: string): Promise<string> {
  const into = join(ROOT, 'dist', folder);
  await mkdir(into, { recursive: true });
  const files = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith('.ts'));
  await Promise.all(
    files.map(async (name) => {
      const { code } = await transformFile(join(ROOT, folder, name), LANGUAGE);
      await writeFile(join(into, name.replace(/\.ts$/, '.js')), code);
    }),
  );
  return into;
}
