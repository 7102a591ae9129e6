import { defineConfig } from '@playwright/test';
import { chromiumArgs, chromiumPath } from './tools/chromium.mjs';

const executablePath = chromiumPath();
const long = process.env['SHOAL_LONG'] === '1';

/** One worker and no retries: the tests share two cores, and a test that passes the second time has a bug or found one. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  preserveOutput: 'failures-only',
  testIgnore: long ? [] : ['**/*.long.spec.ts'],
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  // Six tabs that start at once on two cores that others use as well take their time; what holds at once is seen at once all the same.
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  projects: [
    {
      name: 'chromium',
      use: {
        browserName: 'chromium',
        headless: true,
        trace: 'off',
        launchOptions: { args: chromiumArgs, ...(executablePath === undefined ? {} : { executablePath }) },
      },
    },
  ],
});
