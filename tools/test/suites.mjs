// What `npm test` and `npm run check` run, in order. Paths are from the root of the repository.
import { ofPlaywright, ofVitest } from './results.mjs';

const bin = (path) => `node_modules/${path}`;
const tsc = bin('typescript/bin/tsc');
const reportOf = (name) => `test-results/${name}.json`;

/** A program of node_modules that succeeds or fails: one test. */
const step = (name, script, args, more = {}) => ({ name, script, args, ...more });

const vitest = (name, args, more = {}) =>
  step(name, bin('vitest/vitest.mjs'), ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${reportOf(name)}`], {
    report: reportOf(name),
    read: ofVitest,
    ...more,
  });

/**
 * `needs`: suites that must have passed before; picking the one picks the others.
 * `beside`: runs while the next ones do, with the time of the processors that they leave: for what waits for nothing and has no clock but its own.
 * `longMs`: how long it may take at most when it goes on longer, where that is more than others may.
 * `checkOnly`: part of another suite in the whole run.
 */
export const suites = [
  // Made, not kept: what the types and everything after them are checked with.
  step('kernel', 'workers/kernel/build.mjs', []),
  step('types', tsc, ['-b'], { needs: ['kernel'] }),
  // Whole swarms over hours, by what `types` made of the simulator: first of those that run beside others, since it takes as long as all of them.
  step('sim', 'tools/test/sim.mjs', [], {
    needs: ['types'],
    report: reportOf('sim'),
    read: ({ passed, failed }) => ({ passed, failed, skipped: 0 }),
    beside: true,
    longMs: 6 * 60 * 60_000,
  }),
  step('test-types', tsc, ['-p', 'tsconfig.test.json', '--incremental', '--tsBuildInfoFile', 'dist/node/test.tsbuildinfo']),
  step('lint', bin('oxlint/bin/oxlint'), []),
  step('format', bin('@biomejs/biome/bin/biome'), ['format']),
  vitest('tidy', ['--project', 'unit', 'tools/'], { checkOnly: true }),
  vitest('unit', ['--project', 'unit'], { needs: ['kernel'] }),
  vitest('browser', ['--project', 'browser'], { needs: ['kernel'] }),
  step('build', bin('vite/bin/vite.js'), ['build', '--logLevel', 'warn'], { needs: ['kernel'] }),
  step('command', bin('vite/bin/vite.js'), ['build', '--config', 'vite.command.config.ts', '--logLevel', 'warn'], {
    needs: ['kernel'],
  }),
  // Six files at once: while one waits for processes to start and for peers to meet, others use the processors.
  vitest('process', ['--project', 'process', '--maxWorkers', '6'], { needs: ['types', 'command'] }),
  vitest('budgets', ['--project', 'budgets'], { needs: ['build'] }),
  step('stories-build', bin('vite/bin/vite.js'), ['build', '--config', 'test/stories/vite.config.ts', '--logLevel', 'warn']),
  step('stories', bin('@playwright/test/cli.js'), ['test', '--config', 'test/stories/playwright.config.ts'], {
    needs: ['stories-build'],
    report: reportOf('stories'),
    read: ofPlaywright,
  }),
  step('e2e', bin('@playwright/test/cli.js'), ['test'], { needs: ['build', 'command'], report: reportOf('e2e'), read: ofPlaywright }),
];

/** The quick ones, for `npm run check`. */
export const quick = ['kernel', 'types', 'test-types', 'lint', 'format', 'tidy'];
