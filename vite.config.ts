import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8')) as { version: string };

/** What every build shares. Nothing is inlined as a data: address and nothing needs eval, so that a strict CSP can be sent. */
const output = { outDir: here('dist/page'), assetsInlineLimit: 0, target: 'es2023', sourcemap: false };

/** Everything in one file: no worker may wait for an import before it listens, or a transferred channel is lost. */
const oneFile = { codeSplitting: false };

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  define: { __SHOAL_VERSION__: JSON.stringify(version) },
  worker: { format: 'es', rolldownOptions: { output: oneFile } },
  // The polyfill would be an inline script, which the CSP refuses.
  build: { ...output, modulePreload: { polyfill: false } },
  environments: {
    // The service worker is an environment of its own, so that it shares no chunk with the page and keeps its name at the root.
    serviceWorker: {
      consumer: 'client',
      build: {
        ...output,
        emptyOutDir: false,
        copyPublicDir: false,
        rolldownOptions: {
          input: here('workers/service.worker.ts'),
          output: { ...oneFile, format: 'iife', entryFileNames: 'service-worker.js' },
        },
      },
    },
  },
  builder: {
    // The page first: its build empties the folder.
    buildApp: async (builder) => {
      for (const name of ['client', 'serviceWorker']) await builder.build(builder.environments[name]!);
    },
  },
});
