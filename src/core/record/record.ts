import { decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { compareBytes } from '../bytes/compare.ts';
import { bytes, fields, list } from '../bytes/fields.ts';
import { toHex } from '../bytes/text.ts';
import { nodeId, recordKey } from '../crypto/keys.ts';
import { type Descriptor, parseDescriptor } from '../object/descriptor.ts';
import { descriptorBytesMax, geometry } from '../object/geometry.ts';
import { rendezvousScore } from '../placement/rendezvous.ts';
import { claimBytesMax, claimsMax, messageBytesMax } from '../wire/limits.ts';
import { type Claim, claimHolds, parseClaim } from './claim.ts';

/** A claim with the bytes that were signed. */
export interface SignedClaim {
  readonly claim: Claim;
  readonly signed: Uint8Array;
}

/**
 * The record of one object: its head and the claims on the head's shards, at most one a holder.
 * Everything in it is self-certifying; whoever builds one from outside checks the signatures first (peer/records).
 */
export interface RecordState {
  readonly recordKey: string;
  readonly descriptor: Descriptor;
  readonly signedDescriptor: Uint8Array;
  /** By holder NodeId. */
  readonly claims: ReadonlyMap<string, SignedClaim>;
}

/** Claims kept per record: this many times n, the best by rendezvous rank. */
const claimsPerShard = 4;
/** A signed claim without its bitmap, at its longest, with its head in a list. A test encodes one. */
const claimOverheadBytes = 219;
/** What a message has beside descriptor and claims. */
const messageOverheadBytes = 256;

/** A record of a parsed descriptor and claims. Claims that do not belong to it are left out. Signatures are not looked at. */
export function recordOf(signedDescriptor: Uint8Array, descriptor: Descriptor, claims: Iterable<SignedClaim>): RecordState {
  const byHolder = new Map<string, SignedClaim>();
  for (const each of claims) {
    if (!belongs(each.claim, descriptor)) continue;
    const holder = nodeId(each.claim.holder);
    byHolder.set(holder, newer(byHolder.get(holder), each));
  }
  return {
    recordKey: toHex(recordKey(descriptor.objectKey)),
    descriptor,
    signedDescriptor,
    claims: best(descriptor, byHolder, claimsOn(descriptor, signedDescriptor)),
  };
}

/**
 * The join of two states of one record (SPEC REC-1): the head with the higher (version, contentRoot), and of the claims on that
 * head the newest by (seq, bytes) of each holder, cut to the best holders by rendezvous rank: 4 n, or as many as fit a
 * message. Commutative, associative and idempotent, because rank and bound depend on nothing but holder and head. Time never enters.
 */
export function joinRecords(a: RecordState, b: RecordState): RecordState {
  const order = compareHeads(a, b);
  if (order > 0) return a;
  if (order < 0) return b;
  return recordOf(a.signedDescriptor, a.descriptor, [...a.claims.values(), ...b.claims.values()]);
}

/** Order of heads: version, then contentRoot, then the signed bytes (one root may be signed twice, with another lease). */
function compareHeads(a: RecordState, b: RecordState): number {
  return (
    a.descriptor.version - b.descriptor.version ||
    compareBytes(a.descriptor.contentRoot, b.descriptor.contentRoot) ||
    compareBytes(a.signedDescriptor, b.signedDescriptor)
  );
}

/** Most claims on a head: 4 n, fewer where their bitmaps are so long that the record would not fit a message (SPEC REC-6). */
export function claimsOn(descriptor: Descriptor, signedDescriptor: Uint8Array): number {
  const { segments, n } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  const room = messageBytesMax - messageOverheadBytes - signedDescriptor.length;
  return Math.min(claimsPerShard * n, Math.floor(room / (claimOverheadBytes + Math.ceil((segments * n) / 8))));
}

/** Whether the record says the same as another one, byte for byte. */
export function sameRecord(a: RecordState, b: RecordState): boolean {
  if (a.claims.size !== b.claims.size || compareBytes(a.signedDescriptor, b.signedDescriptor) !== 0) return false;
  return [...a.claims].every(([holder, { signed }]) => compareBytes(b.claims.get(holder)?.signed ?? new Uint8Array(), signed) === 0);
}

/** For each segment and shard, the nodes whose unexpired claim names it. */
export function holdersOf(record: RecordState, nowMs: number): string[][][] {
  const { segments } = geometry(record.descriptor.k, record.descriptor.m, record.descriptor.ciphertextLength);
  return Array.from({ length: segments }, (_, segment) => holdersIn(record, segment, nowMs));
}

/** The same for one segment: by shard. */
export function holdersIn(record: RecordState, segment: number, nowMs: number): string[][] {
  const n = record.descriptor.k + record.descriptor.m;
  const live = [...record.claims].filter(([, { claim }]) => claim.expiresMs > nowMs);
  return Array.from({ length: n }, (_, shard) =>
    live.filter(([, { claim }]) => claimHolds(claim, segment * n + shard)).map(([node]) => node),
  );
}

const stored = fields({
  descriptor: [1, bytes({ most: descriptorBytesMax })],
  claims: [2, list(bytes({ most: claimBytesMax }), claimsMax)],
});

/** The record as kept in the MetaStore. */
export function encodeRecord(record: RecordState): Uint8Array {
  const claims = [...record.claims.values()].map(({ signed }) => signed);
  return encodeCbor(stored.write({ descriptor: record.signedDescriptor, claims })!);
}

/** A record kept earlier; signatures were checked before it was kept. Throws `bad-input`. */
export function decodeRecord(encoded: Uint8Array): RecordState {
  const { descriptor, claims } = stored.read(decodeCbor(encoded), 'record');
  return recordOf(
    descriptor,
    parseDescriptor(descriptor).descriptor,
    claims.map((signed) => ({ claim: parseClaim(signed).claim, signed })),
  );
}

function belongs(claim: Claim, descriptor: Descriptor): boolean {
  const { segments, n } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  return (
    compareBytes(claim.objectKey, descriptor.objectKey) === 0 &&
    compareBytes(claim.contentRoot, descriptor.contentRoot) === 0 &&
    claim.bitmap.length === Math.ceil((segments * n) / 8)
  );
}

function newer(a: SignedClaim | undefined, b: SignedClaim): SignedClaim {
  if (a === undefined) return b;
  return (a.claim.seq - b.claim.seq || compareBytes(a.signed, b.signed)) >= 0 ? a : b;
}

function best(descriptor: Descriptor, claims: Map<string, SignedClaim>, most: number): Map<string, SignedClaim> {
  const nodes = [...claims.keys()].sort();
  if (nodes.length <= most) return new Map(nodes.map((node) => [node, claims.get(node)!]));
  const root = toHex(descriptor.contentRoot);
  const ranked = nodes.map((node) => ({ node, score: rendezvousScore(1, root, 0, 0, node) })).sort((a, b) => b.score - a.score);
  return new Map(ranked.slice(0, most).map(({ node }) => [node, claims.get(node)!]));
}
