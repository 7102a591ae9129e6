import { setUint32, uint32At } from '../bytes/integers.ts';
import { fromHex, toHex } from '../bytes/text.ts';
import { ShoalError } from '../errors.ts';
import { digestPeersMax } from './limits.ts';

/** The newest heartbeat that someone knows of a peer. */
export interface KnownHeartbeat {
  /** NodeId, lower-case hex. */
  readonly node: string;
  readonly incarnation: number;
  readonly seq: number;
}

const nodeBytes = 32;
const integerBytes = 8;
export const digestEntryBytes = nodeBytes + 2 * integerBytes;

/** NodeId (32) || incarnation u64 || seq u64 of each, by rising NodeId (SPEC DIGEST-1). Of more than the bound the first are taken. */
export function encodeDigest(known: readonly KnownHeartbeat[]): Uint8Array {
  const sorted = known.toSorted((a, b) => (a.node < b.node ? -1 : 1));
  if (sorted.length > digestPeersMax) sorted.length = digestPeersMax;
  const bytes = new Uint8Array(sorted.length * digestEntryBytes);
  let at = 0;
  for (const { node, incarnation, seq } of sorted) {
    bytes.set(fromHex(node), at);
    setInteger(bytes, at + nodeBytes, incarnation);
    setInteger(bytes, at + nodeBytes + integerBytes, seq);
    at += digestEntryBytes;
  }
  return bytes;
}

/** Throws `bad-input` for a length, an order or a number that no digest has. */
export function decodeDigest(bytes: Uint8Array): KnownHeartbeat[] {
  const count = bytes.length / digestEntryBytes;
  if (!Number.isInteger(count) || count > digestPeersMax)
    throw new ShoalError('bad-input', `A digest has ${digestEntryBytes} bytes for each of at most ${digestPeersMax} peers.`);
  const known: KnownHeartbeat[] = [];
  let before = '';
  for (let at = 0; at < bytes.length; at += digestEntryBytes) {
    const node = toHex(bytes.subarray(at, at + nodeBytes));
    if (node <= before) throw new ShoalError('bad-input', 'A digest is not in order.');
    before = node;
    known.push({ node, incarnation: integerAt(bytes, at + nodeBytes), seq: integerAt(bytes, at + nodeBytes + integerBytes) });
  }
  return known;
}

/** Those of `mine` that whoever told `theirs` lacks, or knows an older one of. */
export function lackedBy<T extends KnownHeartbeat>(theirs: readonly KnownHeartbeat[], mine: readonly T[]): T[] {
  const told = new Map<string, KnownHeartbeat>();
  for (const each of theirs) told.set(each.node, each);
  return mine.filter((each) => isNewer(each, told.get(each.node)));
}

/** Whether a heartbeat was made after another one of the same peer; without another it was. */
export function isNewer(
  { incarnation, seq }: Pick<KnownHeartbeat, 'incarnation' | 'seq'>,
  than: Pick<KnownHeartbeat, 'incarnation' | 'seq'> | undefined,
): boolean {
  return than === undefined || (incarnation - than.incarnation || seq - than.seq) > 0;
}

function setInteger(bytes: Uint8Array, at: number, value: number): void {
  setUint32(bytes, at, Math.floor(value / 0x1_0000_0000));
  setUint32(bytes, at + 4, value);
}

function integerAt(bytes: Uint8Array, at: number): number {
  const value = uint32At(bytes, at) * 0x1_0000_0000 + uint32At(bytes, at + 4);
  // Beyond 2^53 the sum is rounded, but never down to below it.
  if (!Number.isSafeInteger(value)) throw new ShoalError('bad-input', 'A number of a digest is above 2^53 - 1.');
  return value;
}
