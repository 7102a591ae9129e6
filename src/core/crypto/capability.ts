import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { fromBase64url, toBase64url, toUtf8 } from '../bytes/text.ts';
import { ShoalError } from '../errors.ts';
import { objectKeys } from './keys.ts';
import { sha256 } from './hash.ts';

/** A granted right with its keys. Write gives read, read gives verify; there is no way back. */
export type Capability =
  | { readonly right: 'write'; readonly writeSeed: Uint8Array }
  | { readonly right: 'read'; readonly objectKey: Uint8Array; readonly readKey: Uint8Array }
  | { readonly right: 'verify'; readonly objectKey: Uint8Array };

export type Right = Capability['right'];

const format = 1;
const checkBytes = 4;
const letters: Readonly<Record<Right, string>> = { write: 'W', read: 'R', verify: 'V' };
const payloadBytes: Readonly<Record<Right, number>> = { write: 32, read: 64, verify: 32 };

/** The text of a capability: letter, dot, base64url of version, keys and check. */
export function encodeCapability(capability: Capability): string {
  const letter = letters[capability.right];
  const versioned = concatBytes(Uint8Array.of(format), payloadOf(capability));
  return `${letter}.${toBase64url(concatBytes(versioned, check(letter, versioned)))}`;
}

/**
 * The capability written in `text`, which must be exactly what an encoder writes.
 * Throws `too-new` for a later version and `bad-input` for everything else that is wrong; nothing is guessed.
 */
export function parseCapability(text: string): Capability {
  const right = rightOf(text);
  const bytes = fromBase64url(text.slice(2));
  const version = bytes[0];
  if (version !== undefined && version > format) throw new ShoalError('too-new', 'The link was made by a newer version of Shoal.');
  if (version !== format) throw refused('its version is missing or unknown');
  if (bytes.length !== 1 + payloadBytes[right] + checkBytes) throw refused('it is too short or too long');
  const versioned = bytes.subarray(0, -checkBytes);
  if (!equalBytes(check(letters[right], versioned), bytes.subarray(-checkBytes))) throw refused('a character is wrong');
  return capabilityOf(right, versioned.slice(1));
}

/** The same object with a lesser or equal right. Throws `bad-input` for a greater one. */
export function narrow(capability: Capability, right: Right): Capability {
  if (capability.right === right) return capability;
  if (capability.right === 'write') {
    const { objectKey, readKey } = objectKeys(capability.writeSeed);
    return right === 'read' ? { right, objectKey, readKey } : { right: 'verify', objectKey };
  }
  if (capability.right === 'read' && right === 'verify') return { right, objectKey: capability.objectKey };
  throw refused(`the right to ${capability.right} does not give the right to ${right}`);
}

function rightOf(text: string): Right {
  for (const right of ['write', 'read', 'verify'] as const) {
    if (text.startsWith(`${letters[right]}.`)) return right;
  }
  throw refused('it does not begin with W., R. or V.');
}

function payloadOf(capability: Capability): Uint8Array {
  if (capability.right === 'write') return capability.writeSeed;
  return capability.right === 'read' ? concatBytes(capability.objectKey, capability.readKey) : capability.objectKey;
}

function capabilityOf(right: Right, payload: Uint8Array): Capability {
  if (right === 'write') return { right, writeSeed: payload };
  return right === 'read' ? { right, objectKey: payload.slice(0, 32), readKey: payload.slice(32) } : { right, objectKey: payload };
}

/** The letter is under the check: W and V have one length. */
function check(letter: string, versioned: Uint8Array): Uint8Array {
  return sha256(concatBytes(toUtf8(letter), versioned)).subarray(0, checkBytes);
}

function refused(why: string): ShoalError {
  return new ShoalError('bad-input', `This is not a capability: ${why}.`);
}
