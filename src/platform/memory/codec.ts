import type { CoderFactory } from '../../core/erasure/coder.ts';
import { referenceCoder } from '../../core/erasure/reference.ts';
import { ShoalError } from '../../core/errors.ts';
import { createOpener } from '../../peer/codec/opener.ts';
import { createSealer } from '../../peer/codec/sealer.ts';
import type { Codec, Crypto, FileHandle } from '../../peer/ports.ts';

/** A file that is in memory already. */
export interface MemoryFile extends FileHandle {
  readonly bytes: Uint8Array;
}

/** The Codec port in the peer's own thread, for files in memory: the simulator, tests, small tools. */
export function inProcessCodec(crypto: Crypto, coder: CoderFactory = referenceCoder): Codec {
  return {
    async seal(job) {
      const { file } = job;
      if (!isMemoryFile(file)) throw new ShoalError('internal', 'The in-process codec seals only files in memory.');
      return createSealer(job, async (start, end) => file.bytes.subarray(start, end), crypto, coder);
    },
    open: async (job) => createOpener(job, crypto, coder),
  };
}

function isMemoryFile(file: FileHandle): file is MemoryFile {
  return 'bytes' in file && file.bytes instanceof Uint8Array;
}
