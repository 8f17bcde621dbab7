import quick from './jest.config.js';

/** Crash, fault and soak suites: one after the other, since they measure time or stop servers. */
export default {
  ...quick,
  testMatch: ['**/*.long.test.ts', '**/test/integration/{long,crash}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 120_000,
};
