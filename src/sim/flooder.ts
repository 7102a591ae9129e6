import type { CborMap } from '../core/bytes/cbor.ts';
import { toHex } from '../core/bytes/text.ts';
import { contentRoot, type Descriptor } from '../core/object/descriptor.ts';
import { geometry } from '../core/object/geometry.ts';
import { encodeStored } from '../core/record/stored.ts';
import { encodeDigest } from '../core/wire/digest.ts';
import {
  deleteBody,
  digestBody,
  heartbeatsBody,
  kinds,
  readBody,
  recordGetBody,
  recordPutBody,
  storeBody,
  syncBody,
} from '../core/wire/kinds.ts';
import { incomingRequestsMax } from '../core/wire/limits.ts';
import { noticeOf } from '../core/wire/message.ts';
import { encodeSyncDigest } from '../core/wire/sync-digest.ts';
import { withoutRequest } from '../peer/authority.ts';
import type { Random, Signer } from '../peer/ports.ts';
import { below } from './draw.ts';
import { encodeSealedRecord, signClaim, signDescriptor } from './sealed-object.ts';
import { ask, type Speaker, type Speaking } from './speaker.ts';
import { signRenewal, signTombstone } from './statements.ts';

/** Owners that come into being for one flood; each is a key to make. */
const ownersAtOnce = 4;
/** Of the floods one in so many is a crowd of records: more than anybody takes at once from one peer (SPEC REC-11). */
const crowdedOne = 20;
const recordsInCrowd = 400;
/** Requests made at once: more than a link may have under way. */
const requestsAtOnce = 2 * incomingRequestsMax;
/** Entries of a digest. */
const entriesAtOnce = 500;
/** Ciphertext of an object of which nothing is there, bytes. */
const ciphertextLength = 1_000_000;
const leaseMs = 30 * 24 * 3_600_000;
/** Longer than anybody waits for the bytes of a store. */
const storeMs = 600_000;
const none = new Uint8Array();

/** A peer that asks for more than anybody needs: well formed, rightly signed by owners made up for it, and far too much. */
export function createFlooder(speaking: Speaking): Speaker {
  const { raw, crypto, nowMs } = speaking;

  const owners = (random: Random, count = ownersAtOnce): Promise<Signer[]> =>
    Promise.all(Array.from({ length: count }, () => crypto.signer(random.bytes(32))));
  const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  /** Asks all at once. */
  const askAll = (target: string, kind: number, bodies: readonly CborMap[]): Promise<unknown> =>
    Promise.all(bodies.map((body) => ask(speaking, target, kind, body).catch(() => {})));

  const descriptorOf = ({ publicKey }: Signer, random: Random): Descriptor => {
    const [k, m] = [1, 1];
    const roots = random.bytes(32 * (k + m) * geometry(k, m, ciphertextLength).segments);
    const content = { objectKey: publicKey, version: 1, k, m, ciphertextLength, roots };
    const terms = { createdMs: nowMs(), leaseMs: nowMs() + leaseMs, class: 0, policy: { anchorsMin: 0, domainMax: 1 } };
    return { ...content, ...terms, contentRoot: contentRoot(content) };
  };

  const floods: readonly ((target: string, random: Random) => Promise<unknown>)[] = [
    /** Records of objects that nobody has. */
    async (target, random) => {
      const records: CborMap[] = [];
      for (const owner of await owners(random)) {
        const descriptor = descriptorOf(owner, random);
        const claim = await signClaim(owner, { descriptor }, { shards: [0], nowMs: nowMs() });
        records.push(recordPutBody.write({ record: encodeSealedRecord(await signDescriptor(owner, descriptor), [claim]) }));
      }
      await askAll(target, kinds.recordPut, records);
    },
    /** Tombstones and renewals of objects that never were. */
    async (target, random) => {
      for (const owner of await owners(random)) {
        const tombstone = await signTombstone(owner);
        const renewal = await signRenewal(owner, nowMs() + leaseMs);
        const put = recordPutBody.write({ record: encodeStored({ heads: [], tombstone, renewal }) });
        const body = deleteBody.write({ request: none, tombstone });
        await askAll(target, kinds.recordPut, [put]);
        await askAll(target, kinds.delete, [await raw.signed(target, owner, kinds.delete, withoutRequest(body))]);
      }
    },
    /** Room for shards of which no byte comes. */
    async (target, random) => {
      for (const owner of await owners(random)) {
        const descriptor = descriptorOf(owner, random);
        const signed = await signDescriptor(owner, descriptor);
        const length = geometry(1, 1, ciphertextLength).shardLength(0);
        const place = { contentRoot: descriptor.contentRoot, segment: 0, shard: 0 };
        const covered = withoutRequest(storeBody.write({ request: none, ...place, length, descriptor: signed }));
        // Waited for by nobody: it is the one asked who has to give up.
        raw.session(target).call(kinds.store, await raw.signed(target, owner, kinds.store, covered), { deadlineMs: storeMs });
      }
    },
    /** Look-ups and reads of what there is not, all at once. */
    async (target, random) => {
      const reads = { segment: 0, shard: 0, first: 0, count: 1 };
      const gets = many(requestsAtOnce, () => recordGetBody.write({ recordKey: random.bytes(32) }));
      const found = askAll(target, kinds.recordGet, gets);
      await askAll(
        target,
        kinds.read,
        many(requestsAtOnce / 2, () => readBody.write({ ...reads, contentRoot: random.bytes(32) })),
      );
      await found;
    },
    /** Digests of peers and of records that nobody knows, and heartbeats that nobody signed. */
    async (target, random) => {
      const nodes = many(entriesAtOnce, () => ({ node: toHex(random.bytes(32)), incarnation: nowMs(), seq: 1 }));
      const stamps = many(entriesAtOnce, () => ({ recordKey: toHex(random.bytes(32)), stamp: random.bytes(16) }));
      const heartbeats = noticeOf(kinds.heartbeats, heartbeatsBody.write({ signed: many(20, () => random.bytes(200)) }));
      for (let i = 0; i < 20; i++) raw.session(target).notify(heartbeats);
      await askAll(
        target,
        kinds.digest,
        many(10, () => digestBody.write({ digest: encodeDigest(nodes) })),
      );
      await askAll(
        target,
        kinds.sync,
        many(10, () => syncBody.write({ digest: encodeSyncDigest(stamps) })),
      );
    },
  ];

  /** The same ones for everybody: each is a key to make. */
  const crowd: CborMap[] = [];
  const bringCrowd = async (target: string, random: Random): Promise<void> => {
    for (const owner of crowd.length > 0 ? [] : await owners(random, recordsInCrowd)) {
      const renewal = await signRenewal(owner, nowMs() + leaseMs);
      crowd.push(recordPutBody.write({ record: encodeStored({ heads: [], renewal }) }));
    }
    // As many together as are worked on at once: those past that would be refused before anybody looks at them.
    for (let first = 0; first < crowd.length; first += incomingRequestsMax)
      await askAll(target, kinds.recordPut, crowd.slice(first, first + incomingRequestsMax));
  };

  return {
    node: raw.node,
    stored: [],
    async act(target, random) {
      if (raw.links.session(target) === undefined) return;
      const flood = below(crowdedOne, random) === 0 ? bringCrowd : floods[below(floods.length, random)]!;
      await flood(target, random).catch(() => {});
    },
  };
}
