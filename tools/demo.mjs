// `npm run demo`: builds, then plays the first flow in headless Chromium tabs and tells it step by step. Exits 0 only if all of it holds.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildPage, buildServer } from './build.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

buildServer();
buildPage();
const play = spawn(
  process.execPath,
  ['node_modules/@playwright/test/cli.js', 'test', 'e2e/first-flow.spec.ts', '--reporter', './e2e/story-reporter.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, SHOAL_LONG: '1' } },
);
play.on('exit', (code) => process.exit(code ?? 1));
