import type { Crypto, Identity, Random } from '../../peer/ports.ts';

/** A fresh identity that lasts as long as its process: for the simulator, where `random` is seeded, and for tests. */
export async function memoryIdentity(random: Random, crypto: Crypto): Promise<Identity> {
  const node = await crypto.signer(random.bytes(32));
  const vault = await crypto.aesGcm(random.bytes(32));
  return { node, vault };
}
