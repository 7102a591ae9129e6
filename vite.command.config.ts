import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What loads files of its own, so that it has to stay where npm put it. */
const external = ['node-datachannel', 'node-sqlite3-wasm'];

/**
 * The command and its server as few files, beside each other: as 400 modules Node took half the time of a start to find and read them
 * (docs/decisions/0023-the-command-in-one-piece.md). Types are looked at by tsc alone.
 */
export default defineConfig({
  root: here('.'),
  publicDir: false,
  ssr: { noExternal: true, external, target: 'node' },
  build: {
    ssr: true,
    outDir: here('dist/command'),
    // Another command of this checkout may just be starting from it: files are written over, under names that stay.
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    // Read from disk, by one program.
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      input: { main: here('cli/main.ts'), run: here('cli/run.ts'), 'codec-worker': here('src/platform/node/codec-worker.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      checks: { bundlerTimings: false },
    },
  },
});
