/**
 * What may see what: the arrows of docs/ARCHITECTURE.md as data. Dependencies point downward only; an arrow that is not here
 * does not exist, and adding one is a decision. `tidy.test.ts` holds every import in the tree to these tables.
 */

export interface Layer {
  /** A folder with its slash, or one file. The longest that begins a path decides. */
  readonly path: string;
  /** Paths of the layers this one may import. Every layer may import itself. */
  readonly sees: readonly string[];
  /** Paths of the layers of which only types may be imported. */
  readonly seesTypes?: readonly string[];
  /** Paths of the layers whose files this one may start as workers, by `new URL(…, import.meta.url)`. */
  readonly starts?: readonly string[];
}

const errors = 'src/core/errors.ts';
const bytes = 'src/core/bytes/';
const crypto = 'src/core/crypto/';
const erasure = 'src/core/erasure/';
const merkle = 'src/core/merkle/';
const object = 'src/core/object/';
const record = 'src/core/record/';
const limits = 'src/core/wire/limits.ts';
const wire = 'src/core/wire/';
const placement = 'src/core/placement/';
const durability = 'src/core/durability/';
const storage = 'src/core/storage/';
const core = [errors, bytes, crypto, erasure, merkle, object, record, limits, wire, placement, durability, storage];

const ports = 'src/peer/ports.ts';
const snapshot = 'src/peer/snapshot.ts';
const codec = 'src/peer/codec/';
const peer = 'src/peer/';
const platform = 'src/platform/';
const browser = 'src/platform/browser/';
const node = 'src/platform/node/';
const memory = 'src/platform/memory/';
const app = 'src/app/';
const figures = 'src/figures/';
const signaling = 'signaling/';
const workers = 'workers/';
const kernel = 'workers/kernel/';

export const layers: readonly Layer[] = [
  { path: errors, sees: [] },
  { path: bytes, sees: [errors] },
  { path: crypto, sees: [errors, bytes] },
  { path: erasure, sees: [errors, bytes] },
  { path: merkle, sees: [errors, bytes, crypto] },
  { path: object, sees: [errors, bytes, crypto, erasure, merkle] },
  { path: placement, sees: [errors, bytes, crypto] },
  { path: limits, sees: [object] },
  // A record keeps the claims of the holders that rank best, and is cut to what a message may carry.
  { path: record, sees: [errors, bytes, crypto, object, placement, limits] },
  { path: wire, sees: [errors, bytes, crypto, object, record, limits] },
  { path: durability, sees: [errors, bytes, object, placement, record] },
  { path: storage, sees: [errors, bytes, merkle, object] },

  { path: ports, sees: core },
  { path: snapshot, sees: [] },
  { path: codec, sees: [...core, ports] },
  { path: peer, sees: [...core, ports, snapshot, codec] },

  // A codec worker runs the procedures of the codec, whatever it is a thread of.
  { path: platform, sees: [...core, ports, codec] },
  // What a page and its peer worker say to each other is made of the peer's words; the page runs none of its code.
  { path: browser, sees: [...core, ports, platform], seesTypes: [snapshot, peer], starts: [workers] },
  { path: node, sees: [...core, ports, codec, platform, kernel], starts: [node] },
  { path: memory, sees: [...core, ports, codec, platform] },
  { path: 'src/sim/', sees: [...core, ports, snapshot, codec, peer, platform, memory] },

  { path: app, sees: [...core, platform, browser], seesTypes: [ports, snapshot, peer], starts: [workers] },
  // Figures as text, for whoever shows them.
  { path: figures, sees: [] },
  { path: 'src/ui/', sees: [app, figures] },

  { path: workers, sees: [...core, ports, snapshot, codec, peer, platform, browser, kernel], starts: [workers] },
  // The coder of whoever seals and opens, and its build.
  { path: kernel, sees: [erasure] },
  { path: signaling, sees: [errors, bytes, wire] },
  { path: 'cli/', sees: [...core, figures, ports, snapshot, codec, peer, platform, node, memory, signaling, kernel] },
];

/** Places that may see everything and that only they themselves may see. */
export const outside: readonly string[] = [
  'bench/',
  'e2e/',
  'test/',
  'tools/',
  'playwright.config.ts',
  'vite.config.ts',
  'vitest.config.ts',
  // The generator of the kernel: part of the build, shipped is what it makes.
  'workers/kernel/build.mjs',
  'workers/kernel/wat.mjs',
];

/** Tests and what serves only them, beside the code they test; like `outside`. */
export const testFile = /\.(test|browser|process|contract|testing|testworker)\.tsx?$/;

/** Declarations of libraries without types, and of the page's environment. */
export const declarationFile = /\.d\.ts$/;

/**
 * The only places of shipped code in which a library may be imported. A library missing here may be imported nowhere.
 * A name ending in `*` stands for all that begin with it.
 */
export const homes: Readonly<Record<string, readonly string[]>> = {
  '@noble/hashes': ['src/core/crypto/hash.ts'],
  '@noble/curves': ['src/core/crypto/ed25519.ts'],
  '@noble/ciphers': ['src/platform/memory/crypto.ts'],
  'simple-peer': ['src/platform/browser/connections.ts'],
  idb: ['src/platform/browser/database.ts'],
  'node-datachannel': [node],
  zod: ['src/core/wire/client-message.ts', signaling, 'cli/'],
  comlink: [app, 'src/platform/codec-pool.ts', 'src/platform/codec-service.ts', browser, node, workers],
  zustand: [app, 'src/ui/'],
  react: ['src/ui/'],
  'react-dom': ['src/ui/'],
  wouter: ['src/ui/'],
  '@tanstack/react-virtual': ['src/ui/'],
  uqr: ['src/ui/'],
  fastify: [signaling, 'cli/daemon/'],
  '@fastify/*': [signaling],
  ws: [signaling, node],
  pino: [signaling],
  mime: ['cli/'],
  commander: ['cli/'],
  picocolors: ['cli/'],
  'prom-client': ['cli/metrics.ts'],
  'smol-toml': ['cli/config/'],
  yaml: ['cli/config/'],
  'node-sqlite3-wasm': [node],
  'node:*': [signaling, node, 'cli/'],
};

/** Where to look, from the root of the repository. */
export const scanned: readonly string[] = ['src/', 'workers/', 'signaling/', 'cli/', 'bench/', 'e2e/', 'test/', 'tools/'];

/**
 * The fewest files and imports a scan must see, so that a check that read nothing cannot pass. Raise them as the tree grows;
 * lowering one is a decision.
 */
export const floors: { readonly files: Readonly<Record<string, number>>; readonly imports: number } = {
  files: {
    'src/core/': 50,
    'src/peer/': 45,
    'src/platform/': 60,
    'src/app/': 4,
    'src/ui/': 40,
    'workers/': 3,
    'signaling/': 22,
    'e2e/': 4,
    'test/': 8,
    'tools/': 10,
  },
  imports: 1_000,
};

/** A file of more lines than this is two ideas. */
export const linesMax = 350;
