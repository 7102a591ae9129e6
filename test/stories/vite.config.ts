import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page's commands go to a peer, and a story has none. */
const noPeer: Plugin = {
  name: 'no-peer',
  enforce: 'pre',
  resolveId: (source) => (source.endsWith('/app/commands.ts') ? here('commands.ts') : undefined),
};

/** The shipped screens over made-up states (`states.ts`), with no peer behind them: for screenshots and checks of what a person sees. */
export default defineConfig({
  root: here('.'),
  publicDir: here('../../public'),
  plugins: [react(), noPeer],
  define: { __SHOAL_VERSION__: JSON.stringify('story') },
  worker: { format: 'es' },
  build: {
    outDir: here('../../dist/stories'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2023',
    modulePreload: { polyfill: false },
  },
  server: { fs: { allow: [here('../..')] } },
});
