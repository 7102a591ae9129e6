import { compareBytes } from '../bytes/compare.ts';
import { toHex } from '../bytes/text.ts';
import { nodeId } from '../crypto/keys.ts';
import type { Descriptor } from '../object/descriptor.ts';
import { descriptorOverheadBytes, geometry } from '../object/geometry.ts';
import { higher } from '../object/signed.ts';
import { rendezvousScore } from '../placement/rendezvous.ts';
import { headsMax, recordBytesMax, statementBytesMax } from '../wire/limits.ts';
import type { Claim, SignedClaim } from './claim.ts';

/** One version of an object as its record has it: the descriptor, and the claims on its shards, at most one a holder. */
export interface Head {
  readonly descriptor: Descriptor;
  readonly signed: Uint8Array;
  /** By holder NodeId, ascending. */
  readonly claims: ReadonlyMap<string, SignedClaim>;
}

/** Claims kept per head: this many times n, the best by rendezvous rank. */
const claimsPerShard = 4;
/** A signed claim without its bitmap, at its longest, with its head in a list. A test encodes one. */
const claimOverheadBytes = 219;
/** What a record has beside its heads: their lists and maps, renewal and tombstone. */
const recordOverheadBytes = 2 * statementBytesMax + 64;
/** Heads share the room of a record evenly, so that the claims on one never depend on the other. */
const headBytesMax = Math.floor((recordBytesMax - recordOverheadBytes) / headsMax);

/** A head of a parsed descriptor and claims. Claims that are not on it are left out. Signatures are not looked at. */
export function headOf(signed: Uint8Array, descriptor: Descriptor, claims: Iterable<SignedClaim>): Head {
  const byHolder = new Map<string, SignedClaim>();
  for (const each of claims) if (belongs(each.claim, descriptor)) addClaim(byHolder, nodeId(each.claim.holder), each);
  return { descriptor, signed, claims: best(descriptor, byHolder) };
}

/**
 * The heads that a record keeps of these (SPEC REC-1, REC-8): of one contentRoot the descriptor with the higher signed bytes, and the
 * claims on any of them; then the highest two by (version, contentRoot) above the versions that are deleted, the highest first. One
 * contentRoot may be signed twice, with another lease, and its shards are the same.
 */
export function joinHeads(heads: Iterable<Head>, deletedUpTo: number): readonly Head[] {
  const byRoot = new Map<string, Head>();
  for (const head of heads) {
    if (head.descriptor.version <= deletedUpTo) continue;
    const root = toHex(head.descriptor.contentRoot);
    const known = byRoot.get(root);
    byRoot.set(root, known === undefined || known === head ? head : joinHead(known, head));
  }
  return [...byRoot.values()].sort((a, b) => compareHeads(b, a)).slice(0, headsMax);
}

/** Most claims on a head: 4 n, fewer where their bitmaps are so long that it would not fit its half of a record (SPEC REC-6). */
export function claimsOn({ k, m, ciphertextLength }: Pick<Descriptor, 'k' | 'm' | 'ciphertextLength'>): number {
  const { segments, n } = geometry(k, m, ciphertextLength);
  // By the geometry alone: two signings of one contentRoot differ in length, and the join may not depend on which one is seen.
  const room = headBytesMax - descriptorOverheadBytes - 32 * n * segments;
  return Math.min(claimsPerShard * n, Math.floor(room / (claimOverheadBytes + Math.ceil((segments * n) / 8))));
}

/** Whether a head says the same as another one, byte for byte. */
export function sameHead(a: Head, b: Head | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || a.claims.size !== b.claims.size || compareBytes(a.signed, b.signed) !== 0) return false;
  return [...a.claims].every(([holder, { signed }]) => compareBytes(b.claims.get(holder)?.signed ?? new Uint8Array(), signed) === 0);
}

function compareHeads({ descriptor: a }: Head, { descriptor: b }: Head): number {
  return a.version - b.version || compareBytes(a.contentRoot, b.contentRoot);
}

/** Of two heads of one contentRoot. */
function joinHead(a: Head, b: Head): Head {
  const { descriptor, signed } = higher(a, b, () => 0)!;
  const claims = new Map(a.claims);
  for (const [holder, claim] of b.claims) addClaim(claims, holder, claim);
  return { descriptor, signed, claims: best(descriptor, claims) };
}

function addClaim(claims: Map<string, SignedClaim>, holder: string, claim: SignedClaim): void {
  claims.set(holder, higher(claims.get(holder), claim, (each) => each.claim.seq)!);
}

function belongs(claim: Claim, descriptor: Descriptor): boolean {
  const { segments, n } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  return (
    compareBytes(claim.objectKey, descriptor.objectKey) === 0 &&
    compareBytes(claim.contentRoot, descriptor.contentRoot) === 0 &&
    claim.bitmap.length === Math.ceil((segments * n) / 8)
  );
}

/** The claims of the best holders, by NodeId: one order, so that the same claims are the same bytes. */
function best(descriptor: Descriptor, claims: ReadonlyMap<string, SignedClaim>): Map<string, SignedClaim> {
  let nodes = [...claims.keys()].sort();
  const most = claimsOn(descriptor);
  if (nodes.length > most) {
    const root = toHex(descriptor.contentRoot);
    const ranked = nodes.map((node) => ({ node, score: rendezvousScore(1, root, 0, 0, node) })).sort((a, b) => b.score - a.score);
    nodes = ranked
      .slice(0, most)
      .map(({ node }) => node)
      .sort();
  }
  return new Map(nodes.map((node) => [node, claims.get(node)!]));
}
