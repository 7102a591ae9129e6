import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { bytes, fields, formatted, type Infer, optional, uint } from '../bytes/fields.ts';
import { bigEndian } from '../bytes/integers.ts';
import { label } from '../crypto/keys.ts';
import { sha256 } from '../crypto/hash.ts';
import { acceptableKey } from '../crypto/signature.ts';
import { shardsMax } from '../erasure/matrix.ts';
import { ShoalError } from '../errors.ts';
import { hashBytes } from '../merkle/tree.ts';
import { descriptorBytesMax, geometry } from './geometry.ts';
import { encodeBody, parseStatement, type Signed, type Statement } from './signed.ts';

export const descriptorLabel = 'shoal/descriptor/1';
/**
 * Under this label the owner signs the body of a version that takes another one's place, until all of it is stored: holders take shards
 * under it, and nobody can show it as a version (SPEC VER-6).
 */
export const draftLabel = 'shoal/draft/1';

const bodyFields = formatted({
  objectKey: [2, bytes(32)],
  version: [3, uint(1)],
  previous: [4, optional(bytes(hashBytes))],
  k: [5, uint(1, shardsMax)],
  m: [6, uint(0, shardsMax - 1)],
  ciphertextLength: [7, uint(1)],
  roots: [8, bytes({ most: descriptorBytesMax })],
  contentRoot: [9, bytes(hashBytes)],
  createdMs: [10, uint()],
  leaseMs: [11, uint()],
  class: [12, uint(0, 2)],
  policy: [13, fields({ anchorsMin: [1, uint()], domainMax: [2, uint()] })],
  wrap: [14, optional(bytes(60))],
});

/**
 * The owner-signed public description of one object version (SPEC DESC-1). Holds no key.
 * `previous` is H of the previous version's body, `leaseMs` the end of the first lease, `class` 0 temporary, 1 durable, 2 critical.
 */
export type Descriptor = Infer<typeof bodyFields>;

const statement: Statement<Descriptor> = { name: 'descriptor', body: bodyFields, bytesMax: descriptorBytesMax, requireSound };

/** What contentRoot covers: owner, version and geometry besides the roots, so nobody can sign another object's shards as their own. */
export type Content = Pick<Descriptor, 'objectKey' | 'version' | 'k' | 'm' | 'ciphertextLength' | 'roots'>;

export interface ParsedDescriptor extends Signed {
  readonly descriptor: Descriptor;
}

/** Names the bytes of one object version, 32 bytes. Throws `bad-input` for an impossible geometry. */
export function contentRoot(content: Content): Uint8Array {
  const { objectKey, version, k, m, ciphertextLength, roots } = content;
  const { segments } = geometry(k, m, ciphertextLength);
  const shape = [bigEndian(version, 8), bigEndian(k, 1), bigEndian(m, 1), bigEndian(ciphertextLength, 8), bigEndian(segments, 4)];
  return sha256(concatBytes(label('shoal/root/1'), objectKey, ...shape, roots));
}

/** Canonical CBOR of the body: what is signed, under the descriptor's label. Throws `bad-input` for a body that no reader accepts. */
export const encodeDescriptorBody = (descriptor: Descriptor): Uint8Array => encodeBody(statement, descriptor);

/**
 * Reads a signed descriptor. Everything is checked but the signature, which needs an engine: canonical form, exactly these keys,
 * geometry, number of roots, contentRoot, and that the object key may sign at all. Throws `bad-input`, `too-new` for a later format.
 */
export function parseDescriptor(signed: Uint8Array): ParsedDescriptor {
  const { stated: descriptor, body, signature } = parseStatement(statement, signed);
  return { descriptor, body, signature };
}

/** Signed root of one shard. Throws RangeError for a place outside the object. */
export function shardRoot(descriptor: Descriptor, segment: number, shard: number): Uint8Array {
  const n = descriptor.k + descriptor.m;
  const start = (segment * n + shard) * hashBytes;
  if (shard < 0 || shard >= n || segment < 0 || start >= descriptor.roots.length)
    throw new RangeError(`no shard ${shard} in segment ${segment}`);
  return descriptor.roots.subarray(start, start + hashBytes);
}

/** What one field alone cannot say. */
function requireSound(descriptor: Descriptor): void {
  const { version, previous, k, m, ciphertextLength, roots } = descriptor;
  const { n, segments } = geometry(k, m, ciphertextLength);
  if ((previous !== undefined) !== version > 1) throw refused('the hash of the previous version is there if and only if there was one');
  if (roots.length !== hashBytes * n * segments) throw refused('the number of roots does not fit the geometry');
  if (descriptor.leaseMs < descriptor.createdMs) throw refused('the lease ends before it began');
  if (!equalBytes(contentRoot(descriptor), descriptor.contentRoot)) throw refused('contentRoot does not match');
  if (!acceptableKey(descriptor.objectKey)) throw refused('the object key is not a sound public key');
}

function refused(why: string): ShoalError {
  return new ShoalError('bad-input', `This is not a descriptor: ${why}.`);
}
