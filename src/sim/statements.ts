import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { encodeRenewalBody, renewalLabel } from '../core/record/renewal.ts';
import { encodeTombstoneBody, everyVersion, tombstoneLabel } from '../core/record/tombstone.ts';
import type { Signer } from '../peer/ports.ts';

/* What an owner signs of an object after it was stored; `by` signs it where somebody else tries. */

export async function signTombstone(owner: Signer, by = owner, upTo = everyVersion): Promise<Uint8Array> {
  const body = encodeTombstoneBody({ objectKey: owner.publicKey, upTo });
  return encodeSigned(body, await by.sign(signingBytes(tombstoneLabel, body)));
}

export async function signRenewal(owner: Signer, leaseMs: number, by = owner): Promise<Uint8Array> {
  const body = encodeRenewalBody({ objectKey: owner.publicKey, leaseMs });
  return encodeSigned(body, await by.sign(signingBytes(renewalLabel, body)));
}

/** The same statement as a later version would say it. */
export function laterVersion(request: Uint8Array): Uint8Array {
  const changed = request.slice();
  // Array of two, bytes with a length of one or two more bytes, then the map: its key 1 and the version.
  const map = changed[1] === 0x58 ? 3 : 4;
  changed[map + 2] = 2;
  return changed;
}
