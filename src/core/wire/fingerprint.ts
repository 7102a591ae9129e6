/** Any line that a lenient SDP parser might take for a fingerprint. */
const anyFingerprint = /^\s*a\s*=\s*fingerprint/i;
/** The one form that counts (RFC 8122 §5): sha-256, 32 bytes in hex with colons. */
const sha256Fingerprint = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i;

/**
 * The DTLS certificate fingerprint in a session description: upper-case hex with colons, 95 characters.
 *
 * Undefined unless there is exactly one fingerprint line, of sha-256 (SPEC FPR-1): with two, browsers differ in which one they use, and
 * the signed handshake must name the one really used. For the remote side read `pc.remoteDescription`, never what signaling delivered.
 */
export function parseFingerprint(sdp: string): string | undefined {
  const lines = sdp.split(/\r\n|\r|\n/).filter((line) => anyFingerprint.test(line));
  if (lines.length !== 1) return undefined;
  return sha256Fingerprint.exec(lines[0]!)?.[1]?.toUpperCase();
}
