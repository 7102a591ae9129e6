import { compareBytes, equalBytes } from '../core/bytes/compare.ts';
import { fromUtf8, toHex } from '../core/bytes/text.ts';
import { recordKey } from '../core/crypto/keys.ts';
import { descriptorLabel, draftLabel, parseDescriptor } from '../core/object/descriptor.ts';
import { encodeSigned, parseSigned, signingBytes } from '../core/object/signed.ts';
import { parseRenewal, renewalLabel } from '../core/record/renewal.ts';
import { parseTombstone, tombstoneLabel } from '../core/record/tombstone.ts';
import { heartbeatLabel } from '../core/wire/heartbeat.ts';
import { parseRequest, requestLabel } from '../core/wire/envelope.ts';
import type { MemoryFile } from '../platform/memory/codec.ts';
import type { Codec, Crypto, FileHandle } from '../peer/ports.ts';

/** One version of an object as its owner had it, from its signature on. */
export interface Original {
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** An object, as is known outside of every peer. */
export interface LedgerObject {
  readonly objectKey: Uint8Array;
  /** Hex text. */
  readonly recordKey: string;
  readonly owner: string;
  readonly versions: Original[];
}

/** The truth, outside the code under test: who stored what, and what each key ever signed. */
export interface Ledger {
  /** The object of a public key, where somebody here made one. */
  object(objectKey: Uint8Array): LedgerObject | undefined;
  /** The object of a record key, hex text. */
  byRecord(key: string): LedgerObject | undefined;
  objects(): readonly LedgerObject[];
  /** Notes what a peer seals by way of this port: it is a version once its owner signs it as one, and nobody may read it before. */
  sealing(owner: string, codec: Codec): Codec;
  /** Notes every statement that is signed by way of this port. `seeds` hears of each key. */
  signing(crypto: Crypto, seeds: (seed: Uint8Array) => void): Crypto;
  /** Whether this key signed exactly this statement, in its signed form. */
  said(publicKey: Uint8Array, label: string, signed: Uint8Array): boolean;
  /** Whether this key signed a request of this kind to this peer. */
  asked(publicKey: Uint8Array, kind: number, audience: string): boolean;
  /** Up to which version an owner ever said that it is deleted; 0 where they did not. */
  deletedUpTo(objectKey: Uint8Array): number;
  /** Whether an owner ever signed a version after the one of this contentRoot, hex text. */
  replaced(contentRoot: string): boolean;
  /** Until when an owner ever said that it is kept, ms; 0 where they said nothing beside the descriptor. */
  renewedTo(objectKey: Uint8Array): number;
}

export function createLedger(): Ledger {
  const objects = new Map<string, LedgerObject>();
  const records = new Map<string, LedgerObject>();
  /** What was sealed and not signed as a version yet, by its shard roots. */
  const sealed = new Map<string, Uint8Array>();
  /** Messages by their signature. */
  const signatures = new Map<string, { readonly publicKey: Uint8Array; readonly message: Uint8Array }>();
  const requests = new Set<string>();
  const deleted = new Map<string, number>();
  const renewed = new Map<string, number>();
  /** Versions by contentRoot, and the newest by owner. */
  const versions = new Map<string, { readonly owner: string; readonly version: number }>();
  const newest = new Map<string, number>();
  const drafts = new Set<string>();

  const note = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): void => {
    const end = message.indexOf(0);
    const label = fromUtf8(message.subarray(0, end));
    // Far more than of all others, and in no record.
    if (label === heartbeatLabel) return;
    const signed = encodeSigned(message.subarray(end + 1), signature);
    const who = toHex(publicKey);
    if (label === requestLabel) {
      const { kind, audience } = parseRequest(signed).request;
      requests.add(`${who} ${kind} ${toHex(audience)}`);
      return;
    }
    signatures.set(toHex(signature), { publicKey, message: message.slice() });
    if (label === draftLabel) drafts.add(toHex(parseDescriptor(signed).descriptor.contentRoot));
    if (label === descriptorLabel) {
      const { contentRoot, roots, version } = parseDescriptor(signed).descriptor;
      const bytes = sealed.get(toHex(roots));
      if (bytes !== undefined) objects.get(who)?.versions.push({ version, bytes });
      sealed.delete(toHex(roots));
      versions.set(toHex(contentRoot), { owner: who, version });
      newest.set(who, Math.max(newest.get(who) ?? 0, version));
    }
    if (label === tombstoneLabel) deleted.set(who, Math.max(deleted.get(who) ?? 0, parseTombstone(signed).tombstone.upTo));
    if (label === renewalLabel) renewed.set(who, Math.max(renewed.get(who) ?? 0, parseRenewal(signed).renewal.leaseMs));
  };

  return {
    object: (objectKey) => objects.get(toHex(objectKey)),
    byRecord: (key) => records.get(key),
    objects: () => [...objects.values()],
    sealing: (owner, codec) => ({
      async seal(job) {
        const { objectKey, file } = job;
        const object = { objectKey, recordKey: toHex(recordKey(objectKey)), owner, versions: [] };
        if (!objects.has(toHex(objectKey))) {
          objects.set(toHex(objectKey), object);
          records.set(object.recordKey, object);
        }
        const sealer = await codec.seal(job);
        return {
          async commit(progress) {
            const commitment = await sealer.commit(progress);
            sealed.set(toHex(commitment.roots), bytesOf(file));
            return commitment;
          },
          stripe: (...wanted) => sealer.stripe(...wanted),
          close: () => sealer.close(),
        };
      },
      open: (job) => codec.open(job),
    }),
    signing: (crypto, seeds) => ({
      ...crypto,
      async signer(seed) {
        seeds(seed);
        const signer = await crypto.signer(seed);
        const { publicKey } = signer;
        return {
          publicKey,
          async sign(message) {
            const signature = await signer.sign(message);
            note(publicKey, message, signature);
            return signature;
          },
        };
      },
    }),
    said(publicKey, label, signed) {
      const { body, signature } = parseSigned(signed);
      const known = signatures.get(toHex(signature));
      return known !== undefined && equalBytes(known.publicKey, publicKey) && compareBytes(known.message, signingBytes(label, body)) === 0;
    },
    asked: (publicKey, kind, audience) => requests.has(`${toHex(publicKey)} ${kind} ${audience}`),
    deletedUpTo: (objectKey) => deleted.get(toHex(objectKey)) ?? 0,
    replaced(contentRoot) {
      const known = versions.get(contentRoot);
      return known === undefined ? drafts.has(contentRoot) : newest.get(known.owner)! > known.version;
    },
    renewedTo: (objectKey) => renewed.get(toHex(objectKey)) ?? 0,
  };
}

function bytesOf(file: FileHandle): Uint8Array {
  return (file as MemoryFile).bytes;
}
