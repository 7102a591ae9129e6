import { bytes, formatted, type Infer, uint } from '../bytes/fields.ts';
import { encodeBody, parseStatement, type Signed, type Statement } from '../object/signed.ts';
import { statementBytesMax } from '../wire/limits.ts';

export const renewalLabel = 'shoal/renewal/1';

const renewalFields = formatted({
  /** Public key of the object. */
  objectKey: [2, bytes(32)],
  /** Until when holders keep every version that is kept at all, ms. */
  leaseMs: [3, uint()],
});

/** An owner's statement that their object is kept for longer than its descriptor says (SPEC RENEW-1). */
export type Renewal = Infer<typeof renewalFields>;

/** A renewal with the bytes that were signed. */
export interface SignedRenewal {
  readonly renewal: Renewal;
  readonly signed: Uint8Array;
}

const statement: Statement<Renewal> = { name: 'renewal', body: renewalFields, bytesMax: statementBytesMax };

/** Canonical CBOR of the body: what is signed, under `renewalLabel`. Throws `bad-input`. */
export const encodeRenewalBody = (renewal: Renewal): Uint8Array => encodeBody(statement, renewal);

/** Reads a signed renewal; the signature is not checked. Throws `bad-input`, or `too-new` for a later format. */
export function parseRenewal(signed: Uint8Array): Signed & { readonly renewal: Renewal } {
  const { stated: renewal, body, signature } = parseStatement(statement, signed);
  return { renewal, body, signature };
}
