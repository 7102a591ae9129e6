import { beforeEach, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { fromHex, toHex } from '../core/bytes/text.ts';
import { encodeCapability, parseCapability } from '../core/crypto/capability.ts';
import { nodeId, recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { closest } from '../core/placement/keepers.ts';
import { parseClaim } from '../core/record/claim.ts';
import { readStored } from '../core/record/stored.ts';
import { emptyBody, kinds, recordGetBody, recordGetOk, recordPutBody } from '../core/wire/kinds.ts';
import type { RawPeer } from './raw-peer.ts';
import { encodeSealedRecord, type SealedObject, sealObject, signClaim } from './sealed-object.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const deadlineMs = 20_000;

let swarm: SimulatedSwarm;
let object: SealedObject;
let recordKey: Uint8Array;

beforeEach(async () => {
  swarm = simulated('records', { crypto: nodeCrypto() });
  object = await sealObject(swarm.crypto, { seed: 'recorded', nowMs: swarm.clock.now() });
  recordKey = recordKeyOf(object.descriptor.objectKey);
});

const put = (raw: RawPeer, to: SimulatedPeer, claims: readonly Uint8Array[], descriptor = object.signed) =>
  swarm.settled(
    raw.session(to.node).call(kinds.recordPut, recordPutBody.write({ record: encodeSealedRecord(descriptor, claims) }), { deadlineMs })
      .result,
  );

async function get(raw: RawPeer, from: SimulatedPeer, key = recordKey) {
  const call = raw.session(from.node).call(kinds.recordGet, recordGetBody.write({ recordKey: key }), { deadlineMs });
  const { record } = recordGetOk.read(await swarm.settled(call.result));
  return record === undefined ? undefined : readStored(record).heads[0];
}

/** The answer of a keeper that has the record of this descriptor, without claims. */
const having = (descriptor: Uint8Array) => recordGetOk.write({ record: encodeSealedRecord(descriptor, []) });

function capabilityOf({ peer }: SimulatedPeer) {
  const capability = parseCapability(peer.snapshot().files[0]!.capability);
  if (capability.right !== 'read') throw new Error('not an R capability');
  return capability;
}

/** Opens the object in `peer`; gives the receive as it is now. */
function look(peer: SimulatedPeer) {
  const { objectKey } = object.descriptor;
  const capability = parseCapability(encodeCapability({ right: 'read', objectKey, readKey: object.readKey }));
  if (capability.right !== 'read') throw new Error('not an R capability');
  peer.peer.open(capability);
  return () => peer.peer.snapshot().receives[0]!;
}

test('[REC-2] of a record put, what its signers did not sign is left out, and the rest kept over a restart', async () => {
  const [keeper] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const raw = await swarm.joinRaw();
  const nowMs = swarm.clock.now();
  const mine = await signClaim(raw.signer, object, { shards: [0], nowMs });
  const forged = await signClaim(raw.signer, object, { shards: [0, 1], nowMs, holder: fromHex('11'.repeat(32)), seq: nowMs + 1 });
  const other = await sealObject(swarm.crypto, { seed: 'other', nowMs });
  const foreign = await signClaim(raw.signer, other, { shards: [0, 1], nowMs, seq: nowMs + 1 });
  await put(raw, keeper, [forged, mine, foreign, new Uint8Array(10)]);
  expect((await get(raw, keeper))!.claims.map(toHex)).toEqual([toHex(mine)]);

  await keeper.peer.stop();
  const again = await swarm.join(0, { again: keeper });
  await swarm.pass(70_000);
  const { descriptor, claims } = (await get(raw, again))!;
  expect([toHex(descriptor), ...claims.map(toHex)]).toEqual([object.signed, mine].map(toHex));
});

test('[REC-2] a record whose descriptor the owner did not sign is refused and not kept', async () => {
  const [keeper] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const raw = await swarm.joinRaw();
  const forged = new Uint8Array(object.signed);
  forged[forged.length - 1]! ^= 1;
  await expect(put(raw, keeper, [], forged)).rejects.toMatchObject({ code: 'auth' });
  await expect(put(raw, keeper, [], new Uint8Array(3))).rejects.toMatchObject({ code: 'bad-input' });
  expect(await get(raw, keeper)).toBeUndefined();
});

test('[REC-1] puts are joined: a later claim counts also when it comes first, one of each holder', async () => {
  const [keeper] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const raw = await swarm.joinRaw();
  const nowMs = swarm.clock.now();
  const [old, fresh] = [
    await signClaim(raw.signer, object, { shards: [0, 1], nowMs }),
    await signClaim(raw.signer, object, { shards: [], nowMs, seq: nowMs + 1 }),
  ];
  await put(raw, keeper, [fresh]);
  await put(raw, keeper, [old]);
  expect((await get(raw, keeper))!.claims.map(toHex)).toEqual([toHex(fresh)]);
});

/** Ten raw peers, nearest to the record first, and what each was asked when. */
async function rawKeepers(answer: (index: number) => Promise<ReturnType<typeof recordGetOk.write>>) {
  const raws: RawPeer[] = [];
  for (let i = 0; i < 10; i++) raws.push(await swarm.joinRaw());
  const order = closest(toHex(recordKey), raws.map(({ node }) => node).sort(), 10);
  const near = order.map((node) => raws.find((raw) => raw.node === node)!);
  const askedMs: (number | undefined)[] = near.map(() => undefined);
  near.forEach((raw, index) => {
    raw.links.handle(kinds.recordGet, async () => {
      askedMs[index] = swarm.clock.now();
      return answer(index);
    });
  });
  return { near, askedMs };
}

const silent = (): Promise<never> => new Promise(() => {});

test('[REC-4] a look-up asks the 2 nearest keepers, the other keepers after 150 ms, then everyone; a later answer is joined', async () => {
  const found = having(object.signed);
  const { near, askedMs } = await rawKeepers((index) => (index < 9 ? silent() : Promise.resolve(found)));
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const began = swarm.clock.now();
  const receive = look(reader);
  await swarm.pass(1_000);
  const wave = (ms: number | undefined): number => Math.floor(((ms ?? Infinity) - began) / 150);
  const nodes = [reader.node, ...near.map(({ node }) => node)].sort();
  const others = closest(toHex(recordKey), nodes, 8).filter((node) => node !== reader.node).length;
  expect(askedMs.map(wave)).toEqual(Array.from({ length: 10 }, (_, i) => (i < 2 ? 0 : i < others ? 1 : 2)));
  expect(receive()).toMatchObject({ k: 1, n: 2 });
});

test('[REC-4] the next ones are asked as soon as the first have answered', async () => {
  const { askedMs } = await rawKeepers(() => Promise.resolve(recordGetOk.write({})));
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const began = swarm.clock.now();
  look(reader);
  await swarm.pass(140);
  expect(Math.max(...askedMs.map((ms) => (ms ?? Infinity) - began))).toBeLessThan(150);
});

test('[REC-4] a peer that never answers holds up no reader: it goes on 1 s after the first record', async () => {
  const holders = await swarm.joinMany(2, 1_000_000);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(memoryFile('found.bin', new Uint8Array(1_000)));
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'stored');
  const silentPeer = await swarm.joinRaw();
  silentPeer.links.handle(kinds.recordGet, silent);
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  reader.peer.open(capabilityOf(owner));
  await swarm.until(() => reader.peer.snapshot().receives[0]!.state === 'ready', 2_000);
  expect(holders).toHaveLength(2);
});

test('[REC-4] a look-up without an answer from everyone ends after some 3 s: who came meanwhile is asked then', async () => {
  await rawKeepers(silent);
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const receive = look(reader);
  const late = await swarm.joinRaw();
  late.links.handle(kinds.recordGet, async () => having(object.signed));
  // Requests time out after 10 s, and 5 s have passed.
  await swarm.until(() => receive().k === 1, 4_000);
});

test('[REC-4] a record of another object, or with a false signature, is not believed', async () => {
  const other = await sealObject(swarm.crypto, { seed: 'other', nowMs: swarm.clock.now() });
  const forged = new Uint8Array(object.signed);
  forged[forged.length - 1]! ^= 1;
  const lies = [other.signed, forged];
  await rawKeepers((index) => Promise.resolve(having(lies[index % 2]!)));
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const receive = look(reader);
  await swarm.pass(2_000);
  expect(receive()).toMatchObject({ state: 'looking', k: 0 });
});

test('[REC-3, REC-5] an owner puts its record at the 8 peers nearest to its key, itself among them, and the holder keeps it too', async () => {
  const raws: { raw: RawPeer; put: Uint8Array[] }[] = [];
  for (let i = 0; i < 10; i++) {
    const raw = await swarm.joinRaw();
    const got: Uint8Array[] = [];
    raw.links.handle(kinds.recordPut, async ({ body }) => {
      got.push(recordPutBody.read(body).record);
      return emptyBody.write({});
    });
    raws.push({ raw, put: got });
  }
  const [holder] = (await swarm.joinMany(1, 1_000_000)) as [SimulatedPeer];
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const id = owner.peer.drop(memoryFile('small.bin', new Uint8Array(100)));
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'stored');
  const [key, kept] = [...holder.values.get('record')!][0]!;
  expect(key.slice(0, 16)).toBe(id);
  expect(kept.length).toBeGreaterThan(0);
  const nodes = [...raws.map(({ raw }) => raw.node), holder.node, owner.node];
  const keepers = closest(key, nodes.sort(), 8).filter((node) => node !== holder.node && node !== owner.node);
  expect(
    raws
      .filter((each) => each.put.length > 0)
      .map(({ raw }) => raw.node)
      .sort(),
  ).toEqual([...keepers].sort());
  const claim = parseClaim((await get(raws[0]!.raw, holder, fromHex(key)))!.claims[0]!).claim;
  expect(nodeId(claim.holder)).toBe(holder.node);
});
