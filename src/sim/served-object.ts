import { encodeCapability, parseCapability } from '../core/crypto/capability.ts';
import { ShoalError } from '../core/errors.ts';
import { prove } from '../core/merkle/proof.ts';
import { leafBytes, leafCount } from '../core/merkle/tree.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { sha256 } from '../core/crypto/hash.ts';
import { kinds, readBody, readOk, recordPutBody } from '../core/wire/kinds.ts';
import type { Incoming } from '../peer/links/exchange.ts';
import { encodeSealedRecord, type SealedObject, signClaim } from './sealed-object.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

/** How one holder behaves. */
export interface HolderManner {
  /** Answers each read only after so long, ms. */
  readonly delayMs?: number;
  /** Claims its shard and is not there. */
  readonly gone?: boolean;
}

/** An object whose shards are each served by one raw peer, with a count of what was asked. */
export interface ServedObject {
  readonly object: SealedObject;
  /** Bytes of leaves that were sent. */
  readonly bytesSent: () => number;
  /** Reads asked of the holder of each shard. */
  readonly reads: readonly number[];
  /** Reads that were given up by the reader before they were answered. */
  readonly cancelled: () => number;
  /** Opens the link at a new reader and waits until it is ready; gives the reader and the id of its receive. */
  open(): Promise<{ readonly reader: SimulatedPeer; readonly id: string }>;
}

/** Has raw peers serve `object`, each one shard, in the manner given for it. A keeper holds the record and nothing else. */
export async function serveObject(
  swarm: SimulatedSwarm,
  object: SealedObject,
  manners: Readonly<Record<number, HolderManner>> = {},
): Promise<ServedObject> {
  const nowMs = swarm.clock.now();
  const reads = object.shards.map(() => 0);
  const claims: Uint8Array[] = [];
  let bytesSent = 0;
  let cancelled = 0;
  const [keeper] = (await swarm.joinMany(1, 1_000_000)) as [SimulatedPeer];

  const serve =
    (shard: number, { delayMs = 0 }: HolderManner) =>
    async (incoming: Incoming) => {
      const asked = readBody.read(incoming.body);
      const bytes = object.shards[shard]!;
      if (asked.shard !== shard) throw new ShoalError('not-found', 'not this one');
      reads[shard]!++;
      let answered = false;
      void incoming.cancelled.then(() => (answered ? undefined : cancelled++));
      if (delayMs > 0) await new Promise<void>((resolve) => swarm.clock.timer(delayMs, resolve));
      const leaves = bytes.subarray(asked.first * leafBytes, (asked.first + asked.count) * leafBytes);
      await incoming.send(leaves);
      answered = true;
      bytesSent += leaves.length;
      incoming.end();
      return readOk.write({ proof: prove(entriesOf(bytes), asked.first, asked.count) });
    };

  for (const shard of object.shards.keys()) {
    const raw = await swarm.joinRaw();
    raw.links.handle(kinds.read, serve(shard, manners[shard] ?? {}));
    claims.push(await signClaim(raw.signer, object, { shards: [shard], nowMs }));
    const body = recordPutBody.write({ record: encodeSealedRecord(object.signed, claims) });
    await swarm.settled(raw.session(keeper.node).call(kinds.recordPut, body, { deadlineMs: 10_000 }).result);
    if (manners[shard]?.gone === true) await raw.links.stop();
  }

  return {
    object,
    reads,
    bytesSent: () => bytesSent,
    cancelled: () => cancelled,
    async open() {
      const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
      const { readKey, descriptor } = object;
      const capability = parseCapability(encodeCapability({ right: 'read', objectKey: descriptor.objectKey, readKey }));
      if (capability.right !== 'read') throw new Error('not an R capability');
      const id = reader.peer.open(capability);
      await swarm.until(() => reader.peer.snapshot().receives[0]!.state === 'ready');
      return { reader, id };
    },
  };
}

function entriesOf(shard: Uint8Array): Uint8Array {
  return concatBytes(
    ...Array.from({ length: leafCount(shard.length) }, (_, i) => sha256(shard.subarray(i * leafBytes, (i + 1) * leafBytes))),
  );
}
