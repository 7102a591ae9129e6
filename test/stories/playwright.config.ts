import { defineConfig } from '@playwright/test';
import base from '../../playwright.config.ts';

/** The stories in a browser, built to dist/stories by the suite before (`tools/test/suites.mjs`). */
export default defineConfig({
  ...base,
  testDir: '.',
  testMatch: '**/*.spec.ts',
  testIgnore: [],
  // Nothing here waits for another tab, and each test waits for the page's own frames.
  workers: 2,
  // Against hanging only: axe on a busy machine.
  timeout: 180_000,
  outputDir: '../../test-results/stories',
  reporter: [['list'], ['json', { outputFile: '../../test-results/stories.json' }]],
});
