import { availableParallelism } from 'node:os';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumArgs, chromiumPath } from './tools/chromium.mjs';

const executablePath = chromiumPath();

/** Made anew for each project: vitest writes the project's name into it. */
const chromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: { args: chromiumArgs, ...(executablePath === undefined ? {} : { executablePath }) } }),
  instances: [{ browser: 'chromium' as const }],
});

/** What the build puts into the service worker: here there is no built page to keep. */
const unbuiltPage = {
  name: 'unbuilt-page',
  transform: (code: string, id: string) =>
    id.endsWith('/service.worker.ts')
      ? code.replace('pageCache(__SHOAL_PAGE__', `pageCache(${JSON.stringify({ hash: 'unbuilt', files: [] })}`)
      : undefined,
};

/** What takes figures. No part of `npm test`: only tools/bench.mjs runs them, and says by the variable whether quickly. */
const benches = (folder: string) => ({
  name: `bench-${folder}`,
  include: [`bench/${folder}/*.bench.ts`],
  testTimeout: 30 * 60_000,
  env: { SHOAL_BENCH_QUICK: process.env['SHOAL_BENCH_QUICK'] ?? '' },
});

export default defineConfig({
  test: {
    // On two cores the default is one worker.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          // One process for each worker and not for each file: starting a hundred took a third of the time.
          isolate: false,
          // Pure-JavaScript cryptography on a busy machine: a bound against hanging, not a measure of speed.
          testTimeout: 60_000,
          include: [
            'src/**/*.test.ts',
            'signaling/**/*.test.ts',
            'cli/**/*.test.ts',
            'test/**/*.test.ts',
            'tools/**/*.test.ts',
            'bench/*.test.ts',
          ],
        },
      },
      // The built command run as processes of their own; what only a killed one shows. Only after a build.
      {
        test: {
          name: 'process',
          // As above: nothing of a file outlives it but processes, and those it ends.
          isolate: false,
          environment: 'node',
          include: ['cli/**/*.process.ts', 'src/platform/node/**/*.process.ts'],
          testTimeout: 120_000,
        },
      },
      // What was built, so only after a build.
      { test: { name: 'budgets', environment: 'node', include: ['tools/**/*.budget.ts'] } },
      {
        plugins: [unbuiltPage],
        test: {
          name: 'browser',
          include: ['src/**/*.browser.ts', 'workers/**/*.browser.ts'],
          testTimeout: 30_000,
          browser: chromium(),
        },
      },
      { test: { ...benches('page'), browser: chromium() } },
      // The other two need a build; `tabs` drives Chromium from Node.
      { test: { ...benches('node'), environment: 'node' } },
      { test: { ...benches('tabs'), environment: 'node' } },
    ],
  },
});
