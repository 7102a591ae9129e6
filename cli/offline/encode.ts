import { objectKeys } from '../../src/core/crypto/keys.ts';
import { ShoalError } from '../../src/core/errors.ts';
import { contentRoot, type Descriptor, descriptorLabel, encodeDescriptorBody } from '../../src/core/object/descriptor.ts';
import type { Header } from '../../src/core/object/header.ts';
import { encodeSigned, signingBytes } from '../../src/core/object/signed.ts';
import { createSealer } from '../../src/peer/codec/sealer.ts';
import type { Commitment, Crypto, Sealer } from '../../src/peer/ports.ts';
import { type NodeFile, nodeFileReader } from '../../src/platform/node/node-file.ts';
import { bestCoders } from '../../workers/kernel/kernel.ts';
import { geometryOf, shardFile, upTo } from './folder.ts';
import { newFolder, type NewFolder } from './new-folder.ts';

export interface EncodeJob {
  readonly file: NodeFile;
  /** Folder to make; one that is there must be empty. */
  readonly folder: string;
  /** Apart from the folder; must not be there. */
  readonly capabilityFile: string;
  readonly header: Pick<Header, 'name' | 'media' | 'mtime'>;
  /** 32 bytes: everything about the object follows from it. Fresh for each object. */
  readonly writeSeed: Uint8Array;
  /** 24 bytes, fresh for each version. */
  readonly salt: Uint8Array;
  readonly k: number;
  readonly m: number;
  /** What the owner says of this version besides its content. */
  readonly terms: Pick<Descriptor, 'version' | 'previous' | 'createdMs' | 'leaseMs' | 'class' | 'policy' | 'wrap'>;
}

export interface EncodeOptions {
  readonly crypto: Crypto;
  readonly signal: AbortSignal;
  /** File bytes done of the file's size, in each of the two passes. */
  readonly progress: (pass: 'sealing' | 'writing', bytes: number) => void;
}

/**
 * Writes one object to a folder (SPEC DISK-4), stripe after stripe: what is in memory at once does not grow with the file. Gives its
 * descriptor. After a failure nothing that it wrote is left.
 *
 * Throws `bad-input` or `not-found` for paths that will not do, `too-large`, `full`, `integrity` when the file changes meanwhile,
 * `cancelled` by the signal.
 */
export async function encodeFile(job: EncodeJob, options: EncodeOptions): Promise<Descriptor> {
  const { signal, crypto } = options;
  const { objectKey, readKey } = objectKeys(job.writeSeed);
  const { file, header, salt, k, m, terms } = job;
  const reader = nodeFileReader(file);
  const sealer = createSealer(
    { file, ...header, objectKey, readKey, salt, version: terms.version, k, m },
    reader.read,
    crypto,
    bestCoders(),
  );
  const close = (): void => sealer.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    requireGoing(signal);
    const folder = await newFolder(job.folder, job.capabilityFile, job.writeSeed);
    try {
      const commitment = await sealer.commit((bytes) => options.progress('sealing', bytes));
      const { descriptor, signed } = await sign(job, objectKey, commitment, crypto);
      await writeShards(descriptor, sealer, folder, (part) => {
        requireGoing(signal);
        options.progress('writing', Math.floor(file.size * part));
      });
      await folder.complete(signed);
      return descriptor;
    } catch (error) {
      await folder.discard();
      throw error;
    }
  } finally {
    signal.removeEventListener('abort', close);
    sealer.close();
    reader.close();
  }
}

async function sign({ writeSeed, k, m, terms }: EncodeJob, objectKey: Uint8Array, { ciphertextLength, roots }: Commitment, crypto: Crypto) {
  const content = { objectKey, version: terms.version, k, m, ciphertextLength, roots };
  const descriptor: Descriptor = { ...terms, ...content, contentRoot: contentRoot(content) };
  const body = encodeDescriptorBody(descriptor);
  const owner = await crypto.signer(objectKeys(writeSeed).signSeed);
  return { descriptor, signed: encodeSigned(body, await owner.sign(signingBytes(descriptorLabel, body))) };
}

/** The second pass: each block to the end of its shard's file. `progress` gets the part of all stripes that is done. */
async function writeShards(descriptor: Descriptor, sealer: Sealer, folder: NewFolder, progress: (part: number) => void): Promise<void> {
  const shape = geometryOf(descriptor);
  let stripe = 0;
  let blocks: Uint8Array[] = [];
  for (const segment of upTo(shape.segments)) {
    const shards = await folder.create(upTo(shape.n).map((shard) => shardFile(segment, shard)));
    try {
      for (const end = stripe + shape.segmentStripes(segment); stripe < end; stripe++) {
        blocks = await sealer.stripe(stripe, upTo(shape.n), blocks);
        await Promise.all(shards.files.map((file, shard) => file.append(blocks[shard]!)));
        progress((stripe + 1) / shape.stripes);
      }
      await shards.sync();
    } finally {
      await shards.close();
    }
  }
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new ShoalError('cancelled', 'Interrupted.');
}
