import { concatBytes } from '../../core/bytes/compare.ts';
import { chunkBytes, chunkNonce, chunksIn, ciphertextLength, headBytes, sealedChunkStart } from '../../core/crypto/chunks.ts';
import { chunkKeys, contentKey } from '../../core/crypto/keys.ts';
import type { Crypto, SealJob } from '../ports.ts';
import type { PlaintextStream } from './plaintext.ts';

/** The ciphertext of an object by random access: sealing is deterministic, so any range can be sealed at any time. */
export interface Ciphertext {
  readonly length: number;
  /** Writes [start, end) of the ciphertext to the beginning of `target`. Of ranges one after another no chunk is sealed twice. */
  seal(start: number, end: number, target: Uint8Array): Promise<void>;
}

export async function ciphertextOf(job: SealJob, stream: PlaintextStream, crypto: Crypto): Promise<Ciphertext> {
  const keys = chunkKeys(contentKey(job.readKey, job.version), job.salt, job.objectKey, job.version);
  const aead = await crypto.aesGcm(keys.key);
  const head = concatBytes(job.salt, keys.commitment);

  /** The last chunk of the range sealed last, and where that ended: mostly within the chunk. */
  let last: { readonly end: number; readonly index: number; readonly sealed: Promise<Uint8Array> } | undefined;
  /** What plaintext was read into, to be read into again. */
  const spare: Uint8Array[] = [];

  const sealChunks = async (first: number, end: number): Promise<Promise<Uint8Array>[]> => {
    const plaintext = await stream.read(first * chunkBytes, Math.min(end * chunkBytes, stream.length), spare.pop());
    const sealed = numbersIn(first, end).map((index) => {
      const offset = (index - first) * chunkBytes;
      return aead.seal(chunkNonce(keys.nonce, index), plaintext.subarray(offset, offset + chunkBytes));
    });
    void Promise.all(sealed).then(
      () => spare.push(plaintext),
      () => {},
    );
    return sealed;
  };

  return {
    length: ciphertextLength(stream.length),
    async seal(start, end, target) {
      if (start < headBytes) copyRange(head, 0, start, end, target);
      const chunks = chunksIn(start, end);
      const straddling = last?.end === start && last.index === chunks.first ? last : undefined;
      const first = straddling === undefined ? chunks.first : chunks.first + 1;
      const sealing = first < chunks.end ? sealChunks(first, chunks.end) : Promise.resolve([]);
      // Told at once and not when it is sealed: the next range may be asked for meanwhile.
      last = { end, index: chunks.end - 1, sealed: sealing.then((sealed) => sealed.at(-1) ?? straddling!.sealed) };
      last.sealed.catch(() => {});
      const copy = async (index: number, sealed: Promise<Uint8Array>): Promise<void> =>
        copyRange(await sealed, sealedChunkStart(index), start, end, target);
      if (straddling !== undefined) await copy(straddling.index, straddling.sealed);
      await Promise.all((await sealing).map((sealed, i) => copy(first + i, sealed)));
    },
  };
}

const numbersIn = (first: number, end: number): number[] => Array.from({ length: end - first }, (_, i) => first + i);

/** Copies what `bytes`, which stand at `at`, have in [start, end) to where it belongs in `target`, which stands at `start`. */
function copyRange(bytes: Uint8Array, at: number, start: number, end: number, target: Uint8Array): void {
  const from = Math.max(at, start);
  const to = Math.min(at + bytes.length, end);
  if (from < to) target.set(bytes.subarray(from - at, to - at), from - start);
}
