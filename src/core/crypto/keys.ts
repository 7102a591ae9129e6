import { concatBytes } from '../bytes/compare.ts';
import { bigEndian } from '../bytes/integers.ts';
import { toHex, toUtf8 } from '../bytes/text.ts';
import { ed25519PublicKey } from './ed25519.ts';
import { hkdf, hkdfExpand, sha256 } from './hash.ts';

/** What the write seed of an object gives (SPEC KEY-2). */
export interface ObjectKeys {
  /** Ed25519 seed under which the object is signed, 32 bytes. */
  readonly signSeed: Uint8Array;
  /** Pw: the object's public key, 32 bytes. */
  readonly objectKey: Uint8Array;
  /** rk: what the R capability adds to Pw, 32 bytes. */
  readonly readKey: Uint8Array;
}

/** Keys of the chunked encryption of one object version (SPEC ENC-2). */
export interface ChunkKeys {
  /** AES-256-GCM key. */
  readonly key: Uint8Array;
  /** Base nonce, 12 bytes. */
  readonly nonce: Uint8Array;
  /** Stands in the ciphertext so that it opens under one key only, 32 bytes. */
  readonly commitment: Uint8Array;
}

const chunkedEncryption = 'c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM';

/** Bytes of an ASCII domain label. */
export const label = (text: string): Uint8Array => toUtf8(text);

/** Everything that follows from a 32-byte write seed. */
export function objectKeys(writeSeed: Uint8Array): ObjectKeys {
  const signSeed = hkdf(writeSeed, label('shoal/sign/1'));
  return { signSeed, objectKey: ed25519PublicKey(signSeed), readKey: hkdf(writeSeed, label('shoal/read/1')) };
}

/** Where the record of an object is kept: 32 bytes. */
export function recordKey(objectKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(label('shoal/record/1'), objectKey));
}

/** ck: input key of the chunked encryption of one version, 32 bytes. */
export function contentKey(readKey: Uint8Array, version: number): Uint8Array {
  return hkdf(readKey, concatBytes(label('shoal/content/1'), bigEndian(version, 8)));
}

/** Key, base nonce and commitment of one ciphertext (C2SP chunked-encryption, Cobblestone-256), bound to owner and version. */
export function chunkKeys(inputKey: Uint8Array, salt: Uint8Array, objectKey: Uint8Array, version: number): ChunkKeys {
  const context = concatBytes(objectKey, bigEndian(version, 8));
  const info = concatBytes(label(chunkedEncryption), new Uint8Array(1), salt, context);
  const material = hkdfExpand(inputKey, info, 32 + 12 + 32);
  return { key: material.slice(0, 32), nonce: material.slice(32, 44), commitment: material.slice(44) };
}

/** NodeId of a node's public key, lower-case hex. */
export const nodeId = (publicKey: Uint8Array): string => toHex(sha256(publicKey));

/** Write seed of a person's catalog object, from the 32 bytes of entropy behind their recovery phrase. */
export const catalogSeed = (root: Uint8Array): Uint8Array => hkdf(root, label('shoal/catalog/1'));

/** Key under which an object's write seed rides in its own descriptor, for its owner alone. */
export function wrapKey(root: Uint8Array, objectKey: Uint8Array): Uint8Array {
  return hkdf(root, concatBytes(label('shoal/wrap/1'), objectKey));
}
