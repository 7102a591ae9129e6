import { decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { bytes, fields, type Infer, label, optional, uint } from '../bytes/fields.ts';
import { ShoalError } from '../errors.ts';
import { parseSigned, type Signed } from '../object/signed.ts';
import { heartbeatBytesMax, labelBytesMax } from './limits.ts';

export const heartbeatLabel = 'shoal/heartbeat/1';

const heartbeatFields = fields({
  /** Public key of the peer. */
  node: [1, bytes(32)],
  /** Rises with each start of the peer. */
  incarnation: [2, uint()],
  /** Rises within an incarnation. */
  seq: [3, uint()],
  /** 0 visitor, 1 resident, 2 anchor: a hint, never believed without measuring. */
  class: [4, uint(0, 2)],
  /** Bytes lent, taken, promised, and kept free for repair. */
  capacity: [5, uint()],
  used: [6, uint()],
  reserved: [7, uint()],
  headroom: [8, uint()],
  /** ms. */
  ts: [9, uint()],
  /** The operator's name for what fails together, and where it stands: words, believed only against their own peer. */
  domain: [10, optional(label(labelBytesMax))],
  region: [11, optional(label(labelBytesMax))],
});

/** A peer's statement that it lives and what it lends (SPEC BEAT-1). */
export type Heartbeat = Infer<typeof heartbeatFields>;

/** Canonical CBOR of the body: what is signed, under `heartbeatLabel`. Throws `bad-input` for one that no reader accepts. */
export function encodeHeartbeatBody(heartbeat: Heartbeat): Uint8Array {
  const map = heartbeatFields.write(heartbeat)!;
  heartbeatFields.read(map, 'heartbeat');
  return encodeCbor(map);
}

/** Reads a signed heartbeat; the signature is not checked. Throws `bad-input`. */
export function parseHeartbeat(signed: Uint8Array): Signed & { readonly heartbeat: Heartbeat } {
  if (signed.length > heartbeatBytesMax) throw new ShoalError('bad-input', `A signed heartbeat has at most ${heartbeatBytesMax} bytes.`);
  const { body, signature } = parseSigned(signed);
  return { heartbeat: heartbeatFields.read(decodeCbor(body), 'heartbeat'), body, signature };
}
