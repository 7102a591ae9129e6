// Writes the results in bench/results as tables into docs/PERFORMANCE.md. tools/bench.mjs does so after each run that is kept.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(fileURLToPath(new URL('bench/document.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
module.writeTables(fileURLToPath(new URL('../', import.meta.url)));
