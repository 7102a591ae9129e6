import { decodeCbor, encodeCbor, viewCbor } from '../bytes/cbor.ts';
import { compareBytes, concatBytes } from '../bytes/compare.ts';
import type { Kind } from '../bytes/fields.ts';
import { label } from '../crypto/keys.ts';
import { ShoalError } from '../errors.ts';

/** What every signed statement is in bytes: a canonical CBOR body and an Ed25519 signature. Where it was read, they are views of what was. */
export interface Signed {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

/** What is signed: the statement's ASCII label, a zero byte, its body. No statement can pass for one of another kind. */
export function signingBytes(labelText: string, body: Uint8Array): Uint8Array {
  return concatBytes(labelBytes(labelText), zero, body);
}

const zero = new Uint8Array(1);
const labels = new Map<string, Uint8Array>();

/** Labels are the constants of a handful of statements, so all are remembered. */
function labelBytes(text: string): Uint8Array {
  const known = labels.get(text);
  if (known !== undefined) return known;
  const bytes = label(text);
  labels.set(text, bytes);
  return bytes;
}

/** Signed form: canonical CBOR array [body as bytes, signature]. */
export function encodeSigned(body: Uint8Array, signature: Uint8Array): Uint8Array {
  return encodeCbor([body, signature]);
}

/** A kind of signed statement: what it is called, its body, and how long its signed form may be. */
export interface Statement<T> {
  readonly name: string;
  readonly body: Kind<T>;
  readonly bytesMax: number;
  /** What no field can say alone. Throws `bad-input`. */
  readonly requireSound?: (stated: T) => void;
}

/** Canonical CBOR of a body: what is signed, under the statement's label. Throws `bad-input` for one that no reader accepts. */
export function encodeBody<T>({ name, body, requireSound }: Statement<T>, stated: T): Uint8Array {
  const map = body.write(stated)!;
  const read = body.read(map, name);
  requireSound?.(read);
  return encodeCbor(map);
}

/** Reads a signed statement; the signature is not checked. Throws `bad-input`, or `too-new` for a later format. */
export function parseStatement<T>(statement: Statement<T>, signed: Uint8Array): Signed & { readonly stated: T } {
  const { name, bytesMax, requireSound } = statement;
  if (signed.length > bytesMax) throw new ShoalError('bad-input', `A signed ${name} has at most ${bytesMax} bytes.`);
  const { body, signature } = parseSigned(signed);
  const stated = statement.body.read(decodeCbor(body), name);
  requireSound?.(stated);
  return { stated, body, signature };
}

/** Of two signed statements the one with the higher rank, then the higher signed bytes: the same whichever comes first. */
export function higher<T extends { readonly signed: Uint8Array }>(
  a: T | undefined,
  b: T | undefined,
  rank: (statement: T) => number,
): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (rank(a) - rank(b) || compareBytes(a.signed, b.signed)) >= 0 ? a : b;
}

/** The parts of a signed form; the signature is not checked. Throws `bad-input`. */
export function parseSigned(signed: Uint8Array): Signed {
  const parts = viewCbor(signed);
  if (!Array.isArray(parts) || parts.length !== 2) throw new ShoalError('bad-input', 'This is no signed statement.');
  const [body, signature] = parts as unknown[];
  if (!(body instanceof Uint8Array)) throw new ShoalError('bad-input', 'This is no signed statement.');
  if (!(signature instanceof Uint8Array) || signature.length !== 64) throw new ShoalError('bad-input', 'A signature has 64 bytes.');
  return { body, signature };
}
