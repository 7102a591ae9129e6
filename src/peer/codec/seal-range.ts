import { concatBytes } from '../../core/bytes/compare.ts';
import { chunkBytes, chunkNonce, chunksIn, ciphertextLength, headBytes, sealedChunkStart } from '../../core/crypto/chunks.ts';
import { chunkKeys, contentKey } from '../../core/crypto/keys.ts';
import type { Crypto, SealJob } from '../ports.ts';
import type { PlaintextStream } from './plaintext.ts';

/** The ciphertext of an object by random access: sealing is deterministic, so any range can be sealed at any time. */
export interface Ciphertext {
  readonly length: number;
  /** Writes [start, end) of the ciphertext to the beginning of `target`. Chunks that straddle a border are sealed for both sides. */
  seal(start: number, end: number, target: Uint8Array): Promise<void>;
}

export async function ciphertextOf(job: SealJob, stream: PlaintextStream, crypto: Crypto): Promise<Ciphertext> {
  const keys = chunkKeys(contentKey(job.readKey, job.version), job.salt, job.objectKey, job.version);
  const aead = await crypto.aesGcm(keys.key);
  const head = concatBytes(job.salt, keys.commitment);

  const sealChunk = (index: number, plaintext: Uint8Array): Promise<Uint8Array> => aead.seal(chunkNonce(keys.nonce, index), plaintext);

  return {
    length: ciphertextLength(stream.length),
    async seal(start, end, target) {
      if (start < headBytes) copyRange(head, 0, start, end, target);
      const chunks = chunksIn(start, end);
      const first = chunks.first * chunkBytes;
      const plaintext = await stream.read(first, Math.min(chunks.end * chunkBytes, stream.length));
      const indices = Array.from({ length: chunks.end - chunks.first }, (_, i) => chunks.first + i);
      await Promise.all(
        indices.map(async (index) => {
          const offset = index * chunkBytes - first;
          const sealed = await sealChunk(index, plaintext.subarray(offset, offset + chunkBytes));
          copyRange(sealed, sealedChunkStart(index), start, end, target);
        }),
      );
    },
  };
}

/** Copies what `bytes`, which stand at `at`, have in [start, end) to where it belongs in `target`, which stands at `start`. */
function copyRange(bytes: Uint8Array, at: number, start: number, end: number, target: Uint8Array): void {
  const from = Math.max(at, start);
  const to = Math.min(at + bytes.length, end);
  if (from < to) target.set(bytes.subarray(from - at, to - at), from - start);
}
