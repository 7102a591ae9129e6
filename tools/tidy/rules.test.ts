import { describe, expect, it } from 'vitest';
import { cyclesOf } from './cycles.ts';
import { importsOf } from './imports.ts';
import { complaint } from './rules.ts';

/** The complaint about the only import of a text that stands at a path. */
const about = (path: string, text: string) => {
  const imports = importsOf(path, text);
  return complaint({ path, text, imports }, imports[0]!);
};

describe('complaint', () => {
  it.each([
    ['src/core/crypto/keys.ts', "import { a } from '../bytes/text.ts'"],
    ['src/core/crypto/keys.ts', "import { a } from '../errors.ts'"],
    ['src/peer/links/mux.ts', "import { a } from '../../core/wire/frame.ts'"],
    ['src/peer/upload.ts', "import { a } from './codec/sealer.ts'"],
    ['src/platform/browser/dialer.ts', "import type { Dialer } from '../../peer/ports.ts'"],
    ['src/app/state.ts', "import type { Snapshot } from '../peer/snapshot.ts'"],
    ['src/app/client.ts', "new URL('../../workers/peer.worker.ts', import.meta.url)"],
    ['src/ui/drop.tsx', "import { commands } from '../app/commands.ts'"],
    ['src/peer/upload.test.ts', "import { network } from '../platform/memory/network.ts'"],
    ['src/core/crypto/hash.ts', "import { sha256 } from '@noble/hashes/sha2.js'"],
    ['signaling/server.ts', "import fastify from '@fastify/websocket'"],
  ])('%s may: %s', (path, text) => {
    expect(about(path, text)).toBeUndefined();
  });

  it.each([
    ['src/core/bytes/text.ts', "import { a } from '../crypto/keys.ts'", 'may not see src/core/crypto/'],
    ['src/core/erasure/coder.ts', "import { a } from '../merkle/tree.ts'", 'may not see src/core/merkle/'],
    ['src/core/wire/frame.ts', "import type { Clock } from '../../peer/ports.ts'", 'may not see src/peer/ports.ts'],
    ['src/peer/codec/sealer.ts', "import { a } from '../upload.ts'", 'may not see src/peer/'],
    ['src/peer/upload.ts', "import { a } from '../platform/memory/clock.ts'", 'may not see src/platform/memory/'],
    ['src/platform/browser/pool.ts', "import { a } from '../memory/codec.ts'", 'may not see src/platform/memory/'],
    ['src/platform/browser/links.ts', "import { a } from '../../peer/links/links.ts'", 'may not see src/peer/'],
    ['src/app/state.ts', "import { a } from '../peer/snapshot.ts'", 'but for its types'],
    ['src/app/client.ts', "import { a } from '../../workers/peer.worker.ts'", 'may not see workers/'],
    ['src/ui/drop.tsx', "import type { Snapshot } from '../peer/snapshot.ts'", 'may not see src/peer/snapshot.ts'],
    ['src/ui/drop.tsx', "import { a } from '../platform/browser/pump.ts'", 'may not see src/platform/browser/'],
    ['src/ui/drop.tsx', "new URL('../../workers/peer.worker.ts', import.meta.url)", 'may not start workers/'],
    ['signaling/server.ts', "import { a } from '../src/peer/ports.ts'", 'may not see src/peer/ports.ts'],
    ['src/core/bytes/text.ts', "import { a } from './text.test.ts'", 'no part of what is shipped'],
    ['src/app/state.ts', "import { a } from '../../tools/tidy/edges.ts'", 'no part of what is shipped'],
    ['src/elsewhere/a.ts', "import { a } from '../core/errors.ts'", 'belongs to no layer'],
    ['src/core/bytes/cbor.ts', "import { sha256 } from '@noble/hashes/sha2.js'", 'whose home is src/core/crypto/hash.ts'],
    ['src/peer/upload.ts', "import Peer from 'simple-peer/simplepeer.min.js'", 'whose home is src/platform/browser/connections.ts'],
    ['src/app/state.ts', "import { useState } from 'react'", 'whose home is src/ui/'],
    ['src/core/bytes/text.ts', "import { Buffer } from 'node:buffer'", 'whose home is signaling/'],
    ['src/core/bytes/text.ts', "import _ from 'lodash'", 'a library without a home'],
  ])('%s may not: %s', (path, text, reason) => {
    expect(about(path, text)).toContain(reason);
  });

  it('begins with the file and the line', () => {
    expect(about('src/core/bytes/text.ts', "\nimport _ from 'lodash'")).toMatch(/^src\/core\/bytes\/text\.ts:2 /);
  });
});

describe('cyclesOf', () => {
  it('finds a cycle and none in a diamond', () => {
    const graph = (edges: Record<string, string[]>) => cyclesOf(new Map(Object.entries(edges)));
    expect(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })).toEqual([]);
    expect(graph({ a: ['b'], b: ['c'], c: ['b'] })).toEqual([['b', 'c', 'b']]);
    expect(graph({ a: ['a'] })).toEqual([['a', 'a']]);
  });
});
