import { describe, expect, test } from 'vitest';
import { toUtf8 } from '../core/bytes/text.ts';
import { checkIdentity, fingerprintOf } from './identity-check.ts';

const certificate = toUtf8('a certificate');
const right = fingerprintOf(certificate);
const other = fingerprintOf(toUtf8('another one'));
const sdp = (...fingerprints: string[]) => ['v=0', ...fingerprints.map((each) => `a=fingerprint:sha-256 ${each}`), ''].join('\r\n');
const identity = (remoteSdp: string, der: Uint8Array | undefined) => ({
  type: 'identity' as const,
  localSdp: sdp(other),
  remoteSdp,
  certificate: der && (der.slice().buffer as ArrayBuffer),
});

describe('checkIdentity', () => {
  test('[RTC-2] a fingerprint is SHA-256 in upper-case hex with colons', () => {
    expect(fingerprintOf(new Uint8Array())).toBe(
      'E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55',
    );
  });

  test('[RTC-2] gives both fingerprints when the certificate agrees, is empty or is not told', () => {
    for (const der of [certificate, new Uint8Array(), undefined]) {
      expect(checkIdentity(identity(sdp(right), der))).toEqual({ local: other, remote: right });
    }
  });

  test('[RTC-10] refuses a certificate that is not the described one', () => {
    expect(() => checkIdentity(identity(sdp(other), certificate))).toThrow('is not the one described');
  });

  test('[RTC-10] refuses descriptions without exactly one fingerprint', () => {
    for (const text of ['', sdp(), sdp(right, other), sdp(right, right)]) {
      expect(() => checkIdentity(identity(text, certificate))).toThrow('exactly one sha-256 fingerprint');
    }
  });
});
