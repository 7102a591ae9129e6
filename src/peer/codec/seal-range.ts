import { concatBytes } from '../../core/bytes/compare.ts';
import { chunkBytes, chunkNonce, chunksIn, ciphertextLength, headBytes, sealedChunkStart, tagBytes } from '../../core/crypto/chunks.ts';
import { chunkKeys, contentKey } from '../../core/crypto/keys.ts';
import type { Crypto, SealJob } from '../ports.ts';
import { callsAtOnce, inLanes } from './lanes.ts';
import type { PlaintextStream } from './plaintext.ts';

/** The ciphertext of an object by random access: sealing is deterministic, so any range can be sealed at any time. */
export interface Ciphertext {
  readonly length: number;
  /** Writes [start, end) of the ciphertext to the beginning of `target`. Of ranges one after another no chunk is sealed twice. */
  seal(start: number, end: number, target: Uint8Array): Promise<void>;
}

/** A chunk in which a range ended. */
interface Straddling {
  /** Where the range ended. */
  readonly end: number;
  readonly index: number;
  readonly sealed: Promise<Uint8Array>;
}

export async function ciphertextOf(job: SealJob, stream: PlaintextStream, crypto: Crypto): Promise<Ciphertext> {
  const keys = chunkKeys(contentKey(job.readKey, job.version), job.salt, job.objectKey, job.version);
  const aead = await crypto.aesGcm(keys.key);
  const head = concatBytes(job.salt, keys.commitment);
  /** Of the range sealed last. */
  let straddling: Straddling | undefined;
  /** What plaintext was read into, to be read into again. */
  const spare: Uint8Array[] = [];

  /** Seals a chunk in its place, or apart where the target, which stands at `start`, has not all of it. */
  const sealChunk = async (index: number, plaintext: Uint8Array, start: number, target: Uint8Array): Promise<Uint8Array> => {
    const at = sealedChunkStart(index) - start;
    const end = at + plaintext.length + tagBytes;
    const nonce = chunkNonce(keys.nonce, index);
    if (at >= 0 && end <= target.length) return aead.seal(nonce, plaintext, target.subarray(at, end));
    const sealed = await aead.seal(nonce, plaintext);
    copyInto(target, sealed, at);
    return sealed;
  };
  /** Seals chunks [first, end); gives the last one. */
  const sealChunks = async (first: number, end: number, start: number, target: Uint8Array): Promise<Uint8Array> => {
    const plaintext = await stream.read(first * chunkBytes, Math.min(end * chunkBytes, stream.length), spare.pop());
    let last: Uint8Array | undefined;
    await inLanes(end - first, callsAtOnce, async (i) => {
      const sealed = await sealChunk(first + i, plaintext.subarray(i * chunkBytes, (i + 1) * chunkBytes), start, target);
      if (first + i === end - 1) last = sealed;
    });
    spare.push(plaintext);
    return last!;
  };

  return {
    length: ciphertextLength(stream.length),
    async seal(start, end, target) {
      const room = target.subarray(0, end - start);
      if (start < headBytes) copyInto(room, head, -start);
      const chunks = chunksIn(start, end);
      const begun = straddling?.end === start && straddling.index === chunks.first ? straddling : undefined;
      const first = begun === undefined ? chunks.first : chunks.first + 1;
      const sealed = first < chunks.end || begun === undefined ? sealChunks(first, chunks.end, start, room) : begun.sealed;
      // Told at once and not when it is sealed: the next range may be asked for meanwhile.
      straddling = { end, index: chunks.end - 1, sealed };
      const joined = begun?.sealed.then((bytes) => copyInto(room, bytes, sealedChunkStart(begun.index) - start));
      await Promise.all([joined, sealed]);
    },
  };
}

/** Copies bytes that stand at `at` of the target, as far as they lie in it. */
function copyInto(target: Uint8Array, bytes: Uint8Array, at: number): void {
  const from = Math.max(0, -at);
  const to = Math.min(bytes.length, target.length - at);
  if (from < to) target.set(bytes.subarray(from, to), at + from);
}
