import { decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { concatBytes } from '../bytes/compare.ts';
import { label } from '../crypto/keys.ts';
import { ShoalError } from '../errors.ts';

/** What every signed statement is in bytes: a canonical CBOR body and an Ed25519 signature. */
export interface Signed {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

/** What is signed: the statement's ASCII label, a zero byte, its body. No statement can pass for one of another kind. */
export function signingBytes(labelText: string, body: Uint8Array): Uint8Array {
  return concatBytes(label(labelText), new Uint8Array(1), body);
}

/** Signed form: canonical CBOR array [body as bytes, signature]. */
export function encodeSigned(body: Uint8Array, signature: Uint8Array): Uint8Array {
  return encodeCbor([body, signature]);
}

/** The parts of a signed form; the signature is not checked. Throws `bad-input`. */
export function parseSigned(signed: Uint8Array): Signed {
  const parts = decodeCbor(signed);
  if (!Array.isArray(parts) || parts.length !== 2) throw new ShoalError('bad-input', 'This is no signed statement.');
  const [body, signature] = parts as unknown[];
  if (!(body instanceof Uint8Array)) throw new ShoalError('bad-input', 'This is no signed statement.');
  if (!(signature instanceof Uint8Array) || signature.length !== 64) throw new ShoalError('bad-input', 'A signature has 64 bytes.');
  return { body, signature };
}
