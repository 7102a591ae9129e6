import { capabilityIn } from '../../src/core/crypto/link.ts';
import { parseCapability, type Right } from '../../src/core/crypto/capability.ts';
import { errorCode, ShoalError } from '../../src/core/errors.ts';
import type { Io } from '../io.ts';

/** A link or capability as it was given. */
export interface GivenLink {
  /** Whole, since it may name a swarm. */
  readonly text: string;
  readonly capability: string;
  readonly right: Right;
}

/** Help of every argument that takes one. */
export const linkHelp = 'link or capability; - reads it from standard input, where no other user of this machine can see it';

/**
 * Reads a link or capability from the command line, or from standard input for `-`. Throws `bad-input` for what is none, and for the
 * right to write on the command line, which everyone on the machine can read.
 */
export async function readLink(io: Io, argument: string): Promise<GivenLink> {
  const text = argument === '-' ? await io.readLine() : argument;
  const capability = capabilityIn(text);
  const right = rightOf(capability);
  if (right === 'write' && argument !== '-')
    throw new ShoalError(
      'bad-input',
      'a W capability is a secret that others can see on a command line: give it by standard input, with -',
    );
  return { text, capability, right };
}

/** Says in words of a link what is wrong with one, and repeats nothing of it. */
function rightOf(capability: string): Right {
  try {
    return parseCapability(capability).right;
  } catch (error) {
    if (errorCode(error) !== 'bad-input') throw error;
    throw new ShoalError(
      'bad-input',
      'this is no link or capability, or not all of one: copy it again, from #/r/ or its first letter to its end',
    );
  }
}
