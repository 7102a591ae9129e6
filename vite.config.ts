import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8')) as { version: string };

/** What every build shares. Nothing is inlined as a data: address and nothing needs eval, so that a strict CSP can be sent. */
const output = { outDir: here('dist/page'), assetsInlineLimit: 0, target: 'es2023', sourcemap: false };

/** Without the hints to bundlers that nobody reads after this one. */
const comments = { annotation: false };

/**
 * A worker is one file and what it fetches once it listens: none may wait for an import before, or a transferred channel is lost.
 * Whatever is a worker's has that in its name.
 */
const workerFiles = { comments, chunkFileNames: 'assets/[name].worker-[hash].js' };

/** What the page is made of, told to the service worker that keeps it: paths, and a hash over all (OFF-1). */
const pageBuild: Plugin = {
  name: 'page-build',
  applyToEnvironment: ({ name }) => name === 'serviceWorker',
  transform(code, id) {
    if (!id.endsWith('service.worker.ts')) return undefined;
    const files = readdirSync(output.outDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'service-worker.js')
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    const hash = createHash('sha256');
    for (const file of files) hash.update(file.slice(output.outDir.length)).update(readFileSync(file));
    const paths = files.map((file) =>
      file
        .slice(output.outDir.length)
        .replaceAll('\\', '/')
        .replace(/^\/index\.html$/, '/'),
    );
    return code.replace('__SHOAL_PAGE__', JSON.stringify({ hash: hash.digest('hex').slice(0, 12), files: paths }));
  },
};

export default defineConfig({
  root: here('.'),
  plugins: [react(), pageBuild],
  define: { __SHOAL_VERSION__: JSON.stringify(version) },
  worker: { format: 'es', rolldownOptions: { output: workerFiles } },
  // The polyfill would be an inline script, which the CSP refuses.
  build: { ...output, modulePreload: { polyfill: false }, rolldownOptions: { checks: { bundlerTimings: false } } },
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
          output: { codeSplitting: false, comments, format: 'iife', entryFileNames: 'service-worker.js' },
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
