import { type CborMap, decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { bytes, fields, type Infer, list, uint } from '../bytes/fields.ts';
import { fromHex } from '../bytes/text.ts';
import { sha256 } from '../crypto/hash.ts';
import { ShoalError } from '../errors.ts';

/** What is signed by the responder and then by the initiator, over the transcript, like every signed statement of Shoal. */
export const handshakeLabels = { responder: 'shoal/handshake/1/R', initiator: 'shoal/handshake/1/I' } as const;

const listMax = 16;
const helloFields = fields({
  /** Versions of this protocol that the side speaks. */
  versions: [1, list(uint(1, 0xffff), listMax)],
  publicKey: [2, bytes(32)],
  nonce: [3, bytes(32)],
  /** Optional abilities; none is defined in version 1, and unknown ones are ignored. */
  features: [4, list(uint(1, 0xffff), listMax)],
});

/** What each side says first (SPEC HAND-2). */
export type Hello = Infer<typeof helloFields>;

export function encodeHello(hello: Hello): Uint8Array {
  return encodeCbor(helloFields.write(hello)!);
}

/**
 * Throws `too-new` when none of its versions is known to `versions`, even if the rest of the hello has another form; else `bad-input`
 * for anything that is not a hello of this version.
 */
export function decodeHello(payload: Uint8Array, versions: readonly number[]): Hello {
  const value = decodeCbor(payload);
  const offered = value instanceof Map ? (value as CborMap).get(1) : undefined;
  if (Array.isArray(offered) && !versions.some((version) => offered.includes(version)))
    throw new ShoalError('too-new', 'The other side speaks no version of the protocol known here.');
  return helloFields.read(value, 'hello');
}

/** The highest version that both sides speak. Throws `too-new` when there is none. */
export function commonVersion(ours: readonly number[], theirs: readonly number[]): number {
  const common = ours.filter((version) => theirs.includes(version));
  if (common.length === 0) throw new ShoalError('too-new', 'The other side speaks no version of the protocol known here.');
  return Math.max(...common);
}

/** One side of a handshake: what it said, and the DTLS certificate of its end of the link. */
export interface Side {
  readonly hello: Hello;
  /** sha-256 of the certificate, hex with colons. */
  readonly fingerprint: string;
}

/**
 * T: H of the canonical CBOR array [label, swarm, fingerprint I, fingerprint R, key I, key R, nonce I, nonce R, versions I, versions R,
 * features I, features R] (SPEC HAND-3). A relay that ends both links has other certificates, so its two sides have two transcripts.
 */
export function transcript(swarm: string, initiator: Side, responder: Side): Uint8Array {
  const both = <T>(part: (side: Side) => T): [T, T] => [part(initiator), part(responder)];
  return sha256(
    encodeCbor([
      'shoal/handshake/1',
      swarm,
      ...both(({ fingerprint }) => fingerprintBytes(fingerprint)),
      ...both(({ hello }) => hello.publicKey),
      ...both(({ hello }) => hello.nonce),
      ...both(({ hello }) => hello.versions),
      ...both(({ hello }) => hello.features),
    ]),
  );
}

/** Names the session that the handshake began: H(T). */
export function sessionId(transcriptHash: Uint8Array): Uint8Array {
  return sha256(transcriptHash);
}

/** The 32 bytes of a certificate fingerprint in either case. Throws `bad-input`. */
export function fingerprintBytes(fingerprint: string): Uint8Array {
  if (!/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/i.test(fingerprint)) throw new ShoalError('bad-input', 'This is not a sha-256 fingerprint.');
  return fromHex(fingerprint.replaceAll(':', '').toLowerCase());
}
