import { toHex, toUtf8 } from '../core/bytes/text.ts';
import { sha256 } from '../core/crypto/hash.ts';
import type { Clock } from '../peer/ports.ts';

/** What a trace is made of: frames that arrive, changes of disks that are durable, faults that took effect. */
const kinds = ['frame', 'disk', 'fault'] as const;
export type TraceKind = (typeof kinds)[number];

/** Hashed at once when so much has gathered: hashing each entry by itself would be a fifth of all work. */
const bufferBytes = 65_536;
const hashBytes = 32;
/** Of long bytes the beginning and the end are hashed as they are, and what is between mixed into a number first. */
const headBytes = 32;
const tailBytes = 32;
const entryBytesMax = 8 + 1 + 4 + 4 + 4 + 4 + headBytes + tailBytes;
/** Entries remembered for people. */
const linesMax = 20_000;

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
  /** The last entries, field by field: an object for each would be moved about in memory by every collection. */
  const recent = {
    ms: new Float64Array(linesMax),
    kind: new Uint8Array(linesMax),
    node: new Uint32Array(linesMax),
    other: new Uint32Array(linesMax),
    what: Array.from({ length: linesMax }, (): string | number => 0),
  };
  let entries = 0;

  const fold = (): void => {
    buffer.set(sha256(buffer.subarray(0, length)));
    length = hashBytes;
  };

  const put = (bytes: Uint8Array, from: number, to: number): void => {
    let at = length;
    for (let i = from; i < to; i++) buffer[at++] = bytes[i]!;
    length = at;
  };

  const write = (kind: number, first: number, second: number, bytes: Uint8Array): void => {
    if (length + entryBytesMax > bufferBytes) fold();
    view.setFloat64(length, clock.now());
    view.setUint8(length + 8, kind);
    view.setUint32(length + 9, first);
    view.setUint32(length + 13, second);
    view.setUint32(length + 17, bytes.length);
    const head = Math.min(headBytes, bytes.length);
    const tail = Math.min(tailBytes, bytes.length - head);
    view.setInt32(length + 21, mixOf(bytes, head, bytes.length - tail));
    length += 25;
    put(bytes, 0, head);
    put(bytes, bytes.length - tail, bytes.length);
  };

  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(name, number);
    write(kinds.length, number, 0, toUtf8(name));
    return number;
  };

  /** @param at a place in `recent` */
  const lineOf = (at: number, names: readonly string[]): string => {
    const [node, other] = [names[recent.node[at]!]!, names[recent.other[at]!]!];
    const who = other === '' ? node.slice(0, 8) : `${other.slice(0, 8)}>${node.slice(0, 8)}`;
    const what = recent.what[at]!;
    const seconds = ((recent.ms[at]! - startMs) / 1_000).toFixed(3);
    return `${seconds} s ${kinds[recent.kind[at]!]} ${who} ${typeof what === 'number' ? `${what} B` : what}`;
  };

  return {
    note(kind, node, other, what) {
      const index = kinds.indexOf(kind);
      const first = numberOf(node);
      const second = numberOf(other);
      write(index, first, second, typeof what === 'string' ? toUtf8(what) : what);
      const at = entries++ % linesMax;
      recent.ms[at] = clock.now();
      recent.kind[at] = index;
      recent.node[at] = first;
      recent.other[at] = second;
      recent.what[at] = typeof what === 'string' ? what : what.length;
    },
    hash: () => toHex(sha256(buffer.subarray(0, length))),
    lines(nodes, most) {
      const names = [...numbers.keys()];
      const named = (number: number): boolean => nodes.has(names[number]!);
      const found: number[] = [];
      for (let entry = entries - 1; entry >= Math.max(0, entries - linesMax) && found.length < most; entry--) {
        const at = entry % linesMax;
        if (named(recent.node[at]!) || named(recent.other[at]!)) found.push(at);
      }
      return found.toReversed().map((at) => lineOf(at, names));
    },
  };
}

/** FNV-1a over these bytes: another order of them gives another number, though somebody who wanted to could find equal ones. */
function mixOf(bytes: Uint8Array, from: number, to: number): number {
  let mix = 0x811c9dc5 | 0;
  for (let i = from; i < to; i++) mix = Math.imul(mix ^ bytes[i]!, 0x01000193);
  return mix;
}
