import * as Comlink from 'comlink';
import { referenceCoder } from '../src/core/erasure/coder.ts';
import { ShoalError } from '../src/core/errors.ts';
import { createOpener } from '../src/peer/codec/opener.ts';
import { createSealer } from '../src/peer/codec/sealer.ts';
import type { Opener, Sealer } from '../src/peer/ports.ts';
import type { CodecWorkerApi } from '../src/platform/browser/codec-pool.ts';
import { webCrypto } from '../src/platform/web-crypto.ts';

/** A codec worker: the only thread that reads a dropped file, and where ciphertext becomes plaintext again. */

const engine = webCrypto(crypto.subtle);

/** Every buffer once, to be moved to the other thread instead of copied. */
const moved = <T>(value: T, parts: readonly Uint8Array[]): T =>
  Comlink.transfer(value, [...new Set(parts.map(({ buffer }) => buffer as ArrayBuffer))]);

const api: CodecWorkerApi = {
  seal(job) {
    const { file } = job;
    if (!(file instanceof Blob)) throw new ShoalError('bad-input', 'Only files can be sealed here.');
    const read = async (start: number, end: number): Promise<Uint8Array> => {
      try {
        return new Uint8Array(await file.slice(start, end).arrayBuffer());
      } catch {
        // Chromium refuses to read a file that was changed or deleted on disk since it was dropped.
        throw new ShoalError('integrity', 'The file was changed or removed while it was being read. Drop it again.');
      }
    };
    const sealer = createSealer(job, read, engine, referenceCoder);
    return Comlink.proxy<Sealer>({
      commit: async (progress) => {
        const commitment = await sealer.commit(progress);
        return moved(commitment, [commitment.roots]);
      },
      stripe: async (stripe, shards, spare) => {
        const blocks = await sealer.stripe(stripe, shards, spare);
        return moved(blocks, blocks);
      },
      close: () => sealer.close(),
    });
  },
  open(job) {
    const opener = createOpener(job, engine, referenceCoder);
    return Comlink.proxy<Opener>({
      begin: (excerpt) => opener.begin(excerpt),
      add: (leaves) => opener.add(leaves),
      next: async () => {
        const bytes = await opener.next();
        return moved(bytes, [bytes]);
      },
      header: () => opener.header(),
      close: () => opener.close(),
    });
  },
};

Comlink.expose(api);
