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
  const sorted = known.toSorted((a, b) => (a.node < b.node ? -1 : 1)).slice(0, digestPeersMax);
  const bytes = new Uint8Array(sorted.length * digestEntryBytes);
  const view = new DataView(bytes.buffer);
  for (const [i, { node, incarnation, seq }] of sorted.entries()) {
    const at = i * digestEntryBytes;
    bytes.set(fromHex(node), at);
    setInteger(view, at + nodeBytes, incarnation);
    setInteger(view, at + nodeBytes + integerBytes, seq);
  }
  return bytes;
}

/** Throws `bad-input` for a length, an order or a number that no digest has. */
export function decodeDigest(bytes: Uint8Array): KnownHeartbeat[] {
  const count = bytes.length / digestEntryBytes;
  if (!Number.isInteger(count) || count > digestPeersMax)
    throw new ShoalError('bad-input', `A digest has ${digestEntryBytes} bytes for each of at most ${digestPeersMax} peers.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const known = Array.from({ length: count }, (_, i): KnownHeartbeat => {
    const at = i * digestEntryBytes;
    return {
      node: toHex(bytes.subarray(at, at + nodeBytes)),
      incarnation: integerAt(view, at + nodeBytes),
      seq: integerAt(view, at + nodeBytes + integerBytes),
    };
  });
  if (known.some(({ node }, i) => i > 0 && node <= known[i - 1]!.node)) throw new ShoalError('bad-input', 'A digest is not in order.');
  return known;
}

/** Those of `mine` that whoever told `theirs` lacks, or knows an older one of. */
export function lackedBy<T extends KnownHeartbeat>(theirs: readonly KnownHeartbeat[], mine: readonly T[]): T[] {
  const told = new Map(theirs.map((each) => [each.node, each]));
  return mine.filter((each) => isNewer(each, told.get(each.node)));
}

/** Whether a heartbeat was made after another one of the same peer; without another it was. */
export function isNewer(
  { incarnation, seq }: Pick<KnownHeartbeat, 'incarnation' | 'seq'>,
  than: Pick<KnownHeartbeat, 'incarnation' | 'seq'> | undefined,
): boolean {
  return than === undefined || (incarnation - than.incarnation || seq - than.seq) > 0;
}

/** The low half is the rest of a division by 2^32, as writing it says. */
function setInteger(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 0x1_0000_0000));
  view.setUint32(at + 4, value);
}

function integerAt(view: DataView, at: number): number {
  const value = view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4);
  if (!Number.isSafeInteger(value)) throw new ShoalError('bad-input', 'A number of a digest is above 2^53 - 1.');
  return value;
}
