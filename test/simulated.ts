import { nodeCrypto } from '../src/platform/node/crypto.ts';
import { standInSignatures } from '../src/sim/stand-in.ts';
import { type SimulatedSwarm, simulateSwarm, type SwarmOptions } from '../src/sim/swarm.ts';
import { bestCoders } from '../workers/kernel/kernel.ts';
import { drain } from './links-world.ts';

/**
 * A simulated swarm as tests have it: hashes, ciphers and erasure code at the speed of Node, signatures by hashes. Where signatures are the
 * subject, `crypto: nodeCrypto()`.
 */
export function simulated(seed: string, options: Partial<Omit<SwarmOptions, 'seed'>> = {}): SimulatedSwarm {
  return simulateSwarm({ seed, drain, crypto: standInSignatures(nodeCrypto()), coder: bestCoders(), ...options });
}
