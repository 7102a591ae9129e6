import { toHex } from '../core/bytes/text.ts';
import { sha256 } from '../core/crypto/hash.ts';
import { ShoalError } from '../core/errors.ts';
import { parseFingerprint } from '../core/wire/fingerprint.ts';

/** What DTLS was set up with. */
export interface DtlsIdentity {
  /** Text of `pc.localDescription` and `pc.remoteDescription`, never what signaling delivered. */
  readonly localSdp: string;
  readonly remoteSdp: string;
  /** The other side's certificate (DER); absent where the engine does not tell. */
  readonly certificate: ArrayBuffer | undefined;
}

/** Own and remote DTLS fingerprint: upper-case hex with colons. */
export interface Fingerprints {
  readonly local: string;
  readonly remote: string;
}

/**
 * The fingerprints that DTLS really used, for the signed handshake. Throws `auth` when a description does not name exactly one, or
 * when the certificate that the engine shows is another one than the description says.
 */
export function checkIdentity(identity: DtlsIdentity): Fingerprints {
  const local = parseFingerprint(identity.localSdp);
  const remote = parseFingerprint(identity.remoteSdp);
  if (local === undefined || remote === undefined) {
    throw new ShoalError('auth', 'a session description does not name exactly one sha-256 fingerprint');
  }
  // One stack returns an empty certificate: that is no evidence, neither for nor against.
  const certificate = new Uint8Array(identity.certificate ?? new ArrayBuffer(0));
  if (certificate.length > 0 && fingerprintOf(certificate) !== remote) {
    throw new ShoalError('auth', 'the certificate is not the one described');
  }
  return { local, remote };
}

/** SHA-256 of a DER certificate, written as SDP does. */
export function fingerprintOf(certificate: Uint8Array): string {
  return toHex(sha256(certificate))
    .toUpperCase()
    .replace(/..(?!$)/g, '$&:');
}
