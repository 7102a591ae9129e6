import { equalBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { nodeId, recordKey } from '../core/crypto/keys.ts';
import { ShoalError } from '../core/errors.ts';
import { type ParsedDescriptor, descriptorLabel, draftLabel, parseDescriptor } from '../core/object/descriptor.ts';
import { type Signed, signingBytes } from '../core/object/signed.ts';
import { claimLabel, parseClaim, type SignedClaim } from '../core/record/claim.ts';
import { claimsOn, type Head, headOf } from '../core/record/heads.ts';
import { recordFrom, type RecordState } from '../core/record/record.ts';
import { parseRenewal, renewalLabel, type SignedRenewal } from '../core/record/renewal.ts';
import { readStored, type StoredRecord } from '../core/record/stored.ts';
import { isTooFarAhead } from '../core/record/view.ts';
import { parseTombstone, type SignedTombstone, tombstoneLabel } from '../core/record/tombstone.ts';
import type { Crypto, Log } from './ports.ts';

/* Statements whose form and signature hold. All throw `bad-input` for the form, `too-new` for a later one, `auth` for the signature. */

export async function verifyDescriptor(crypto: Crypto, signed: Uint8Array): Promise<ParsedDescriptor> {
  const parsed = parseDescriptor(signed);
  await requireSigned(crypto, 'descriptor', parsed.descriptor.objectKey, descriptorLabel, parsed);
  return parsed;
}

/**
 * A descriptor as it comes with a store: the owner's, or of a version after the first its draft (SPEC VER-6). Whoever signed under the one
 * label signed nothing under the other.
 */
export async function verifyOffered(crypto: Crypto, signed: Uint8Array): Promise<ParsedDescriptor & { readonly isDraft: boolean }> {
  const parsed = parseDescriptor(signed);
  const { objectKey, version } = parsed.descriptor;
  const isDraft = version > 1 && (await isSigned(crypto, objectKey, draftLabel, parsed));
  if (!isDraft) await requireSigned(crypto, 'descriptor', objectKey, descriptorLabel, parsed);
  return { ...parsed, isDraft };
}

export async function verifyClaim(crypto: Crypto, signed: Uint8Array): Promise<SignedClaim> {
  const { claim, ...parsed } = parseClaim(signed);
  await requireSigned(crypto, 'claim', claim.holder, claimLabel, parsed);
  return { claim, signed };
}

export async function verifyRenewal(crypto: Crypto, signed: Uint8Array): Promise<SignedRenewal> {
  const { renewal, ...parsed } = parseRenewal(signed);
  await requireSigned(crypto, 'renewal', renewal.objectKey, renewalLabel, parsed);
  return { renewal, signed };
}

export async function verifyTombstone(crypto: Crypto, signed: Uint8Array): Promise<SignedTombstone> {
  const { tombstone, ...parsed } = parseTombstone(signed);
  await requireSigned(crypto, 'tombstone', tombstone.objectKey, tombstoneLabel, parsed);
  return { tombstone, signed };
}

/**
 * A record from outside (SPEC REC-2): what its owner is to have said must hold; a claim that does not is left out, and that is logged. So is
 * a renewal that ends too far ahead: kept, it would stand in the way of every later one (SPEC LEASE-6).
 *
 * @param local gives what is kept of a record: signatures in it were checked before
 * @param nowMs the time here
 */
export async function verifyRecord(crypto: Crypto, encoded: Uint8Array, log: Log, local: LocalRecord, nowMs: number): Promise<RecordState> {
  const { heads, renewal: signedRenewal, tombstone } = readStored(encoded);
  const renewal = signedRenewal && (await verifyRenewal(crypto, signedRenewal));
  const isTooFar = renewal !== undefined && isTooFarAhead(renewal.renewal.leaseMs, nowMs);
  if (isTooFar && heads.length === 0 && tombstone === undefined) throw new ShoalError('bad-input', 'the lease would end too far ahead');
  if (isTooFar) log('warn', 'renewal refused', { code: 'bad-input' });
  const verified: Head[] = [];
  for (const head of heads) verified.push(await verifyHead(crypto, head, log, local));
  return recordFrom({
    heads: verified,
    renewal: isTooFar ? undefined : renewal,
    tombstone: tombstone && (await verifyTombstone(crypto, tombstone)),
  });
}

type LocalRecord = (recordKey: string) => Promise<RecordState | undefined>;

async function verifyHead(
  crypto: Crypto,
  { descriptor: signed, claims }: StoredRecord['heads'][number],
  log: Log,
  local: LocalRecord,
): Promise<Head> {
  const parsed = parseDescriptor(signed);
  const { descriptor } = parsed;
  const record = await local(toHex(recordKey(descriptor.objectKey)));
  const known = record?.heads.find((head) => equalBytes(head.descriptor.contentRoot, descriptor.contentRoot));
  if (known === undefined || !equalBytes(known.signed, signed))
    await requireSigned(crypto, 'descriptor', descriptor.objectKey, descriptorLabel, parsed);
  if (claims.length > claimsOn(descriptor)) throw new ShoalError('bad-input', 'A record has too many claims.');
  const good: SignedClaim[] = [];
  for (const claim of claims) {
    try {
      const before = known?.claims.get(nodeId(parseClaim(claim).claim.holder));
      good.push(before !== undefined && equalBytes(before.signed, claim) ? before : await verifyClaim(crypto, claim));
    } catch (error) {
      log('warn', 'claim refused', { detail: error instanceof Error ? error.message : 'unknown' });
    }
  }
  return headOf(signed, descriptor, good);
}

const isSigned = (crypto: Crypto, signer: Uint8Array, labelText: string, { body, signature }: Signed): Promise<boolean> =>
  crypto.verify(signer, signingBytes(labelText, body), signature);

async function requireSigned(crypto: Crypto, what: string, signer: Uint8Array, labelText: string, signed: Signed): Promise<void> {
  if (!(await isSigned(crypto, signer, labelText, signed))) throw new ShoalError('auth', `the signature of this ${what} is not good`);
}
