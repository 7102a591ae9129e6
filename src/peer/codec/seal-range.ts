import { concatBytes } from '../../core/bytes/compare.ts';
import { chunkBytes, chunkNonce, chunksIn, ciphertextLength, headBytes, sealedChunkStart, tagBytes } from '../../core/crypto/chunks.ts';
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

/** The chunk in which the range read last ended. */
interface Tail {
  /** Where the range ended. */
  readonly end: number;
  readonly index: number;
  readonly plaintext: Uint8Array;
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

  /** Seals a chunk in its place, or apart where the target, which stands at `start`, has not all of it. */
  const sealChunk = async (index: number, plaintext: Uint8Array, start: number, target: Uint8Array): Promise<void> => {
    const at = sealedChunkStart(index) - start;
    const end = at + plaintext.length + tagBytes;
    chunkNonce(keys.nonce, index, nonce);
    if (at >= 0 && end <= target.length) await aead.seal(nonce, plaintext, target.subarray(at, end));
    else copyInto(target, await aead.seal(nonce, plaintext), at);
  };

  /** Where chunks [first, end) end in the stream; where there are none, they begin. */
  const endOf = (end: number, first: number): number => Math.max(first * chunkBytes, Math.min(end * chunkBytes, stream.length));

  return {
    length: ciphertextLength(stream.length),
    async read(start, end) {
      const chunks = chunksIn(start, end);
      const before = tail?.end === start && tail.index === chunks.first ? tail.plaintext : undefined;
      const first = before === undefined ? chunks.first : chunks.first + 1;
      const room = spare.pop();
      const plaintext = await stream.read(first * chunkBytes, endOf(chunks.end, first), room);
      const chunk = (index: number): Uint8Array =>
        index < first ? before! : plaintext.subarray((index - first) * chunkBytes, (index - first + 1) * chunkBytes);
      tail = { end, index: chunks.end - 1, plaintext: chunk(chunks.end - 1).slice() };
      return {
        async seal(target) {
          const range = target.subarray(0, end - start);
          if (start < headBytes) copyInto(range, head, -start);
          await inLanes(chunks.end - chunks.first, callsAtOnce, async (i) => {
            await sealChunk(chunks.first + i, chunk(chunks.first + i), start, range);
          });
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
