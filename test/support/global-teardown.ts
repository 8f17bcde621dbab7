import type * as TestRun from './test-run.js';

/** Loaded by jest in the same way as the setup. */
// eslint-disable-next-line no-restricted-exports -- the shape jest asks for
export default async function tearDown(): Promise<void> {
  const { tsImport } = await import('tsx/esm/api');
  const { endRun } = (await tsImport('./test-run.ts', import.meta.url)) as typeof TestRun;
  await endRun();
}
