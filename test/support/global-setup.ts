import type * as TestRun from './test-run.js';

/** Jest loads this file as CommonJS and resolves no ".js" import of ours, so tsx loads the file that does the work. */
// eslint-disable-next-line no-restricted-exports -- the shape jest asks for
export default async function setUp(): Promise<void> {
  const { tsImport } = await import('tsx/esm/api');
  const { beginRun } = (await tsImport('./test-run.ts', import.meta.url)) as typeof TestRun;
  await beginRun();
}
