import { ShoalError } from '../core/errors.ts';
import { signingBytes } from '../core/object/signed.ts';
import { type ParsedDescriptor, descriptorLabel, parseDescriptor } from '../core/object/descriptor.ts';
import { claimLabel, parseClaim } from '../core/record/claim.ts';
import type { SignedClaim } from '../core/record/record.ts';
import type { Crypto } from './ports.ts';

/** A descriptor whose form, geometry and signature hold. Throws `bad-input` for the form, `auth` for the signature. */
export async function verifyDescriptor(crypto: Crypto, signed: Uint8Array): Promise<ParsedDescriptor> {
  const parsed = parseDescriptor(signed);
  const { descriptor, body, signature } = parsed;
  if (!(await crypto.verify(descriptor.objectKey, signingBytes(descriptorLabel, body), signature)))
    throw new ShoalError('auth', 'the signature of this descriptor is not its owner’s');
  return parsed;
}

/** A claim that its holder signed. Throws `bad-input` for the form, `auth` for the signature. */
export async function verifyClaim(crypto: Crypto, signed: Uint8Array): Promise<SignedClaim> {
  const { claim, body, signature } = parseClaim(signed);
  if (!(await crypto.verify(claim.holder, signingBytes(claimLabel, body), signature)))
    throw new ShoalError('auth', 'the signature of this claim is not its holder’s');
  return { claim, signed };
}
