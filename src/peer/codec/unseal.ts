import { concatBytes, equalBytes } from '../../core/bytes/compare.ts';
import { chunkNonce, headBytes, saltBytes, sealedChunkBytes, streamLengthOf } from '../../core/crypto/chunks.ts';
import { chunkKeys, contentKey } from '../../core/crypto/keys.ts';
import { ShoalError } from '../../core/errors.ts';
import type { Crypto, PlainHeader } from '../ports.ts';
import { createStripper } from './strip.ts';

export interface UnsealJob {
  readonly objectKey: Uint8Array;
  readonly readKey: Uint8Array;
  readonly version: number;
  readonly ciphertextLength: number;
}

/** Decrypts one ciphertext from its beginning, piece after piece, keeping less than one chunk. One `push` at a time. */
export interface Unsealer {
  /** The header, from the moment the first chunk was opened. */
  readonly header: PlainHeader | undefined;
  /**
   * Takes the next pieces of ciphertext and gives the file bytes that they complete. When the whole ciphertext was taken, the file is
   * complete and everything about it was checked. Throws `integrity`, after which the unsealer is of no more use.
   */
  push(...pieces: readonly Uint8Array[]): Promise<Uint8Array>;
}

/** Throws `integrity` when no complete stream has a ciphertext of this length: the short last chunk is missing. */
export function createUnsealer(job: UnsealJob, crypto: Crypto): Unsealer {
  const stripper = createStripper(streamLengthOf(job.ciphertextLength));
  let openNext: OpenChunks | undefined;
  let rest: Uint8Array = new Uint8Array(0);
  let toCome = job.ciphertextLength;

  return {
    get header() {
      return stripper.header;
    },
    async push(...pieces) {
      let bytes = concatBytes(rest, ...pieces);
      toCome -= bytes.length - rest.length;
      if (toCome < 0) throw new ShoalError('integrity', 'There is more encrypted data than was signed.');
      if (openNext === undefined && bytes.length >= headBytes) {
        openNext = await chunkOpener(job, bytes.subarray(0, headBytes), crypto);
        bytes = bytes.subarray(headBytes);
      }
      const whole = openNext === undefined ? 0 : bytes.length - (toCome === 0 ? 0 : bytes.length % sealedChunkBytes);
      rest = bytes.slice(whole);
      const chunks = await openNext?.(bytes.subarray(0, whole));
      return concatBytes(...(chunks ?? []).map((chunk) => stripper.strip(chunk)));
    },
  };
}

/** Opens the next chunks, whole ones but for the last of the ciphertext. */
type OpenChunks = (sealed: Uint8Array) => Promise<Uint8Array[]>;

/** The commitment comes first: data that opens under two keys never gets as far as a chunk. */
async function chunkOpener(job: UnsealJob, head: Uint8Array, crypto: Crypto): Promise<OpenChunks> {
  const salt = head.subarray(0, saltBytes);
  const keys = chunkKeys(contentKey(job.readKey, job.version), salt, job.objectKey, job.version);
  if (!equalBytes(keys.commitment, head.subarray(saltBytes))) throw new ShoalError('integrity', 'The key does not open this data.');
  const aead = await crypto.aesGcm(keys.key);
  let next = 0;

  const openChunk = async (index: number, sealed: Uint8Array): Promise<Uint8Array> => {
    const plaintext = await aead.open(chunkNonce(keys.nonce, index), sealed);
    if (plaintext === undefined) throw new ShoalError('integrity', 'The encrypted data was changed.');
    return plaintext;
  };

  return (sealed) => {
    const first = next;
    next += Math.ceil(sealed.length / sealedChunkBytes);
    const indices = Array.from({ length: next - first }, (_, i) => first + i);
    return Promise.all(
      indices.map((index) => openChunk(index, sealed.subarray((index - first) * sealedChunkBytes, (index - first + 1) * sealedChunkBytes))),
    );
  };
}
