import type { Sink } from '../peer/ports.ts';
import type { MemoryFile } from '../platform/memory/codec.ts';

/** A file in memory as it is dropped. */
export function memoryFile(name: string, bytes: Uint8Array) {
  const handle: MemoryFile = { size: bytes.length, bytes };
  return { handle, name, media: 'application/octet-stream', mtime: 0 };
}

/** Gathers what a download hands over. */
export function memorySink(): Sink & { readonly parts: Uint8Array[]; readonly state: () => 'open' | 'closed' | 'aborted' } {
  const parts: Uint8Array[] = [];
  let state: 'open' | 'closed' | 'aborted' = 'open';
  return {
    parts,
    state: () => state,
    async begin() {},
    async write(bytes) {
      parts.push(bytes.slice());
    },
    async close() {
      state = 'closed';
    },
    async abort() {
      state = 'aborted';
    },
  };
}
