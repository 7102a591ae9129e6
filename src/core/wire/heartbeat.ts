import { equalBytes } from '../bytes/compare.ts';
import { bytes, formatted, type Infer, label, optional, uint } from '../bytes/fields.ts';
import { nodeId } from '../crypto/keys.ts';
import { encodeBody, parseStatement, signingBytes, type Statement } from '../object/signed.ts';
import { heartbeatBytesMax, labelBytesMax } from './limits.ts';

export const heartbeatLabel = 'shoal/heartbeat/1';

const heartbeatFields = formatted({
  /** Public key of the peer. */
  node: [2, bytes(32)],
  /** When the peer started, ms by its own clock: `ts - incarnation` is how long it has been up, the same for everyone. */
  incarnation: [3, uint()],
  /** Rises within an incarnation. */
  seq: [4, uint()],
  /** 0 visitor, 1 resident, 2 anchor: a hint, never believed without measuring. */
  class: [5, uint(0, 2)],
  /** Bytes lent, taken, promised, and kept free for repair. */
  capacity: [6, uint()],
  used: [7, uint()],
  reserved: [8, uint()],
  headroom: [9, uint()],
  /** ms. */
  ts: [10, uint()],
  /** The operator's name for what fails together, and where it stands: words, believed only against their own peer. */
  domain: [11, optional(label(labelBytesMax))],
  region: [12, optional(label(labelBytesMax))],
});

/** A peer's statement that it lives and what it lends (SPEC BEAT-1). */
export type Heartbeat = Infer<typeof heartbeatFields>;

const statement: Statement<Heartbeat> = { name: 'heartbeat', body: heartbeatFields, bytesMax: heartbeatBytesMax };

/** Canonical CBOR of the body: what is signed, under `heartbeatLabel`. Throws `bad-input` for one that no reader accepts. */
export const encodeHeartbeatBody = (heartbeat: Heartbeat): Uint8Array => encodeBody(statement, heartbeat);

/** A heartbeat that was read, with what its signature is over. */
export interface ParsedHeartbeat {
  readonly heartbeat: Heartbeat;
  /** NodeId of whom it is of. */
  readonly id: string;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Heartbeats that were read last, in the places that the first two bytes of their signatures say: each peer's is passed on by several others. */
const recent: { readonly signed: Uint8Array; readonly parsed: ParsedHeartbeat }[] = [];
/** So many places, as many as there may be peers: with fewer than those that are known each pushes out another one. */
const recentMax = 1_024;
const signatureBytes = 64;

/** Reads a signed heartbeat; the signature is not checked. Throws `bad-input`, or `too-new` for a later format. */
export function parseHeartbeat(signed: Uint8Array): ParsedHeartbeat {
  const start = signed.length - signatureBytes;
  const place = ((signed[start] ?? 0) * 256 + (signed[start + 1] ?? 0)) % recentMax;
  const known = recent[place];
  if (known !== undefined && equalBytes(known.signed, signed)) return known.parsed;
  // Its own copy: what is remembered does not change with what was given.
  const copy = signed.slice();
  const { stated: heartbeat, body, signature } = parseStatement(statement, copy);
  const parsed = { heartbeat, id: nodeId(heartbeat.node), message: signingBytes(heartbeatLabel, body), signature };
  recent[place] = { signed: copy, parsed };
  return parsed;
}
