import { encodeCapability } from '../core/crypto/capability.ts';
import { kinds, recordPutBody, storeOk } from '../core/wire/kinds.ts';
import type { Random } from '../peer/ports.ts';
import { inProcessCodec } from '../platform/memory/codec.ts';
import { below } from './draw.ts';
import { encodeSealedRecord, type SealedObject, sealObject } from './sealed-object.ts';
import { ask, type Speaker, type Speaking } from './speaker.ts';

/** An owner whose devices know nothing of each other: of each version they sign two, store both, and tell each half of the swarm of one. */
export function createEquivocator(speaking: Speaking): Speaker {
  const { raw, crypto, ledger, nowMs } = speaking;
  const { node } = raw;
  const stored: string[] = [];
  let newest: readonly SealedObject[] = [];

  const codec = ledger.sealing(node, inProcessCodec(crypto));

  /** The next version of what one of the devices had last, twice. */
  const signTwo = async (random: Random): Promise<readonly SealedObject[]> => {
    const replaces = newest[below(Math.max(1, newest.length), random)];
    const writeSeed = random.bytes(32);
    const both = [0, 1].map((device) => `${node} ${nowMs()} ${device}`);
    return Promise.all(both.map((seed) => sealObject(crypto, { seed, nowMs: nowMs(), replaces, writeSeed, codec })));
  };

  /** Stores a shard at each of these peers; gives the claims of those that took it. */
  const storeAt = async (object: SealedObject, nodes: readonly string[]): Promise<readonly Uint8Array[]> => {
    const claims: Uint8Array[] = [];
    for (const [shard, each] of nodes.entries()) {
      const bytes = object.shards[shard]!;
      try {
        const call = await raw.store(each, object, { shard, length: bytes.length });
        call.send(bytes).catch(() => {});
        call.end();
        claims.push(storeOk.read(await call.result).claim);
      } catch {
        // Refused, or the link was lost: then one fewer has it.
      }
    }
    return claims;
  };

  const equivocate = async (random: Random): Promise<void> => {
    const both = await signTwo(random);
    const { owner, readKey } = both[0]!;
    const read = encodeCapability({ right: 'read', objectKey: owner.publicKey, readKey });
    for (const [device, object] of both.entries()) {
      const linked = raw.links.sessions().map((session) => session.node);
      const start = below(Math.max(1, linked.length), random);
      const holders = object.shards.map((_, i) => linked[(start + i) % linked.length]!);
      const claims = await storeAt(object, linked.length < holders.length ? [] : holders);
      if (claims.length === 0) continue;
      if (!stored.includes(read)) stored.push(read);
      newest = [...newest.filter(({ descriptor }) => descriptor.version === object.descriptor.version), object];
      const body = recordPutBody.write({ record: encodeSealedRecord(object.signed, claims) });
      const told = linked.filter((_, i) => i % both.length === device);
      await Promise.all(told.map((each) => ask(speaking, each, kinds.recordPut, body).catch(() => {})));
    }
  };

  return { node, stored, act: (_target, random) => equivocate(random).catch(() => {}) };
}
