import { concatBytes } from '../../core/bytes/compare.ts';
import {
  chunkBytes,
  chunkNonce,
  chunksIn,
  ciphertextLength,
  headBytes,
  sealedChunkBytes,
  sealedChunkStart,
} from '../../core/crypto/chunks.ts';
import { chunkKeys, contentKey } from '../../core/crypto/keys.ts';
import type { Crypto, SealJob } from '../ports.ts';
import { callsAtOnce, inLanes } from './lanes.ts';
import type { PlaintextStream } from './plaintext.ts';

/** The ciphertext of an object by random access: sealing is deterministic, so any range can be sealed at any time. */
export interface Ciphertext {
  readonly length: number;
  /** Reads what [start, end) of the ciphertext is made of. Of ranges one after another no byte is read twice. */
  read(start: number, end: number): Promise<PlainRange>;
}

/** What a range of the ciphertext is made of. */
export interface PlainRange {
  /** Writes the range to the beginning of `target`. Called once. */
  seal(target: Uint8Array): Promise<void>;
}

/** The last chunk of the range that was read last. The next one may begin with what is left of it. */
interface Tail {
  /** Where the range ended. */
  readonly end: number;
  readonly index: number;
  /** In a buffer of its own, for both ranges. */
  readonly sealed: Promise<Uint8Array>;
}

export async function ciphertextOf(job: SealJob, stream: PlaintextStream, crypto: Crypto): Promise<Ciphertext> {
  const keys = chunkKeys(contentKey(job.readKey, job.version), job.salt, job.objectKey, job.version);
  const aead = await crypto.aesGcm(keys.key);
  const head = concatBytes(job.salt, keys.commitment);
  let tail: Tail | undefined;
  /** Nonce after nonce: a typed array of its own for each, handed to the engine's cryptography, costs a tenth of the time of sealing. */
  const nonce = new Uint8Array(keys.nonce.length);
  /** What plaintext was read into, to be read into again. */
  const spare: Uint8Array[] = [];

  /** Chunk `index`, sealed, in a buffer of its own or in `target`. */
  const sealChunk = (index: number, plaintext: Uint8Array, target?: Uint8Array): Promise<Uint8Array> =>
    aead.seal(chunkNonce(keys.nonce, index, nonce), plaintext, target);

  /** Where chunks [first, end) end in the stream; where there are none, they begin. */
  const endOf = (end: number, first: number): number => Math.max(first * chunkBytes, Math.min(end * chunkBytes, stream.length));

  return {
    length: ciphertextLength(stream.length),
    async read(start, end) {
      const chunks = chunksIn(start, end);
      const begun = tail?.end === start && tail.index === chunks.first ? tail : undefined;
      const first = begun === undefined ? chunks.first : chunks.first + 1;
      const plaintext = await stream.read(first * chunkBytes, endOf(chunks.end, first), spare.pop());
      const chunk = (index: number): Uint8Array => plaintext.subarray((index - first) * chunkBytes, (index - first + 1) * chunkBytes);
      const last = chunks.end - 1;
      const ended: Tail = { end, index: last, sealed: begun?.index === last ? begun.sealed : sealChunk(last, chunk(last)) };
      // A range that is not sealed after all asks nobody for it.
      ended.sealed.catch(() => {});
      tail = ended;
      return {
        async seal(target) {
          const range = target.subarray(0, end - start);
          const put = async (index: number, sealed: Promise<Uint8Array>): Promise<void> =>
            copyInto(range, await sealed, sealedChunkStart(index) - start);
          if (start < headBytes) copyInto(range, head, -start);
          if (begun !== undefined) await put(begun.index, begun.sealed);
          await inLanes(last - first, callsAtOnce, (i) => {
            const index = first + i;
            const at = sealedChunkStart(index) - start;
            if (at < 0) return put(index, sealChunk(index, chunk(index)));
            return sealChunk(index, chunk(index), range.subarray(at, at + sealedChunkBytes));
          });
          await put(last, ended.sealed);
          spare.push(plaintext);
        },
      };
    },
  };
}

/** Copies bytes that stand at `at` of the target, as far as they lie in it. */
function copyInto(target: Uint8Array, bytes: Uint8Array, at: number): void {
  const from = Math.max(0, -at);
  const to = Math.min(bytes.length, target.length - at);
  if (from < to) target.set(bytes.subarray(from, to), at + from);
}
