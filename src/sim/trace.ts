import { toHex, toUtf8 } from '../core/bytes/text.ts';
import { sha256 } from '../core/crypto/hash.ts';
import type { Clock } from '../peer/ports.ts';

/** What a trace is made of: frames that arrive, changes of disks that are durable, faults that took effect. */
const kinds = ['frame', 'disk', 'fault'] as const;
export type TraceKind = (typeof kinds)[number];

/** Hashed at once when so much has gathered: hashing each entry by itself would be a fifth of all work. */
const bufferBytes = 65_536;
const hashBytes = 32;
/** Of long bytes the beginning and the end count, and their length. */
const headBytes = 64;
const tailBytes = 64;
const entryBytesMax = 8 + 1 + 4 + 4 + 4 + headBytes + tailBytes;
/** Entries remembered for people. */
const linesMax = 20_000;

interface Entry {
  readonly ms: number;
  readonly kind: TraceKind;
  readonly node: string;
  readonly other: string;
  readonly what: string | number;
}

/** What happened in a simulation, in order: equal runs have equal hashes (SPEC SIM-2). */
export interface Trace {
  /**
   * One thing that happened to `node`.
   * @param other the peer that it came from; empty where there is none
   * @param what bytes, or words
   */
  note(kind: TraceKind, node: string, other: string, what: Uint8Array | string): void;
  /** Hash over everything so far, lower-case hex. */
  hash(): string;
  /** The last that happened to or came from these peers, at most `most` lines, newest last: for whoever looks for a cause. */
  lines(nodes: ReadonlySet<string>, most: number): string[];
}

export function createTrace(clock: Clock): Trace {
  const startMs = clock.now();
  // Begins with the hash of all before.
  const buffer = new Uint8Array(bufferBytes);
  const view = new DataView(buffer.buffer);
  let length = hashBytes;
  /** Peers by the order in which they first were named. */
  const numbers = new Map<string, number>();
  const recent: Entry[] = [];
  let entries = 0;

  const fold = (): void => {
    buffer.set(sha256(buffer.subarray(0, length)));
    length = hashBytes;
  };

  const write = (kind: number, first: number, second: number, bytes: Uint8Array): void => {
    if (length + entryBytesMax > bufferBytes) fold();
    view.setFloat64(length, clock.now());
    view.setUint8(length + 8, kind);
    view.setUint32(length + 9, first);
    view.setUint32(length + 13, second);
    view.setUint32(length + 17, bytes.length);
    length += 21;
    const head = Math.min(headBytes, bytes.length);
    const tail = Math.min(tailBytes, bytes.length - head);
    for (let i = 0; i < head; i++) buffer[length++] = bytes[i]!;
    for (let i = bytes.length - tail; i < bytes.length; i++) buffer[length++] = bytes[i]!;
  };

  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(name, number);
    write(kinds.length, number, 0, toUtf8(name));
    return number;
  };

  const lineOf = ({ ms, kind, node, other, what }: Entry): string => {
    const who = other === '' ? node.slice(0, 8) : `${other.slice(0, 8)}>${node.slice(0, 8)}`;
    return `${((ms - startMs) / 1_000).toFixed(3)} s ${kind} ${who} ${typeof what === 'number' ? `${what} B` : what}`;
  };

  return {
    note(kind, node, other, what) {
      const [first, second] = [numberOf(node), numberOf(other)];
      write(kinds.indexOf(kind), first, second, typeof what === 'string' ? toUtf8(what) : what);
      recent[entries++ % linesMax] = { ms: clock.now(), kind, node, other, what: typeof what === 'string' ? what : what.length };
    },
    hash: () => toHex(sha256(buffer.subarray(0, length))),
    lines(nodes, most) {
      const inOrder = [...recent.slice(entries % linesMax), ...recent.slice(0, entries % linesMax)];
      return inOrder
        .filter(({ node, other }) => nodes.has(node) || nodes.has(other))
        .slice(-most)
        .map(lineOf);
    },
  };
}
