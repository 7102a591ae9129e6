import { createHash, createPublicKey, verify } from 'node:crypto';
import { fromHex, toHex } from '../src/core/bytes/text.ts';
import { joinSigningBytes, type JoinMessage } from '../src/core/wire/signaling.ts';

/**
 * The NodeId of whoever proved, by an Ed25519 signature over this socket's challenge and the swarm, to hold the key named in `join`;
 * undefined when the proof is wrong. NodeId = H(public key), lower-case hex.
 */
export function provenNode(join: JoinMessage, challenge: Uint8Array): string | undefined {
  const publicKey = fromHex(join.key);
  const key = importKey(publicKey);
  if (!key || !verify(null, joinSigningBytes(challenge, join.swarm), key, fromHex(join.signature))) return undefined;
  return toHex(createHash('sha256').update(publicKey).digest());
}

function importKey(publicKey: Uint8Array): ReturnType<typeof createPublicKey> | undefined {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
