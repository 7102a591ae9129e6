import * as Comlink from 'comlink';
import type { CoderFactory } from '../core/erasure/coder.ts';
import { createOpener } from '../peer/codec/opener.ts';
import { createSealer } from '../peer/codec/sealer.ts';
import type { Crypto, FileHandle, Opener, Sealer } from '../peer/ports.ts';
import type { CodecWorkerApi } from './codec-pool.ts';
import type { FileReader } from './file-reader.ts';

/** Every buffer once, to be moved to the other thread instead of copied. */
const moved = <T>(value: T, parts: readonly Uint8Array[]): T =>
  Comlink.transfer(value, [...new Set(parts.map(({ buffer }) => buffer as ArrayBuffer))]);

/** What a codec worker does for its pool, on any platform. `readerOf` gives the way to read a file handle, or throws `bad-input`. */
export function codecService(crypto: Crypto, coder: CoderFactory, readerOf: (file: FileHandle) => FileReader): CodecWorkerApi {
  return {
    seal(job) {
      const reader = readerOf(job.file);
      const sealer = createSealer(job, reader.read, crypto, coder);
      return Comlink.proxy<Sealer>({
        commit: async (progress) => {
          // Let go of at once: the port under it would stay open, and a Node process up, until this thread next collects garbage.
          const letGo = (): void => (progress as Comlink.Remote<typeof progress>)[Comlink.releaseProxy]();
          const commitment = await sealer.commit(progress).finally(letGo);
          return moved(commitment, [commitment.roots]);
        },
        stripe: async (stripe, shards, spare) => {
          const blocks = await sealer.stripe(stripe, shards, spare);
          return moved(blocks, blocks);
        },
        close: () => {
          sealer.close();
          reader.close();
        },
      });
    },
    open(job) {
      const opener = createOpener(job, crypto, coder);
      return Comlink.proxy<Opener>({
        begin: (excerpt) => opener.begin(excerpt),
        add: (leaves) => opener.add(leaves),
        next: async (spare) => {
          const bytes = await opener.next(spare);
          return moved(bytes, [bytes]);
        },
        header: () => opener.header(),
        close: () => opener.close(),
      });
    },
  };
}
