import { beforeEach, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { compareBytes, concatBytes } from '../core/bytes/compare.ts';
import { parseDescriptor } from '../core/object/descriptor.ts';
import { readStored } from '../core/record/stored.ts';
import { deleteOk, emptyBody, kinds, renewOk } from '../core/wire/kinds.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { createEquivocator } from './equivocator.ts';
import { createFlooder } from './flooder.ts';
import { createForger } from './forger.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { RawPeer } from './raw-peer.ts';
import type { Speaker, Speaking } from './speaker.ts';
import { standInSignatures } from './stand-in.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 20_000_000;

let swarm: SimulatedSwarm;
let ledger: Ledger;
let peers: SimulatedPeer[];
let told: { readonly target: string; readonly what: string; readonly obeyed: boolean }[];

beforeEach(async () => {
  ledger = createLedger();
  told = [];
  swarm = simulated('speakers', { crypto: ledger.signing(standInSignatures(nodeCrypto()), () => {}) });
  peers = [];
  for (let i = 0; i < 4; i++) peers.push(await swarm.join(capacity, { options: { policy: { syncMs: 60_000 } } }));
  await swarm.pass(5_000);
});

const rowOf = (peer: SimulatedPeer, recordKey: string) => peer.values.get('record')?.get(recordKey);

const speakingBy = (raw: RawPeer): Speaking => ({
  ...{ raw, ledger, crypto: swarm.crypto, nowMs: () => swarm.clock.now() },
  record: (recordKey) => rowOf(peers[0]!, recordKey),
  forged: (target, what, obeyed) => void told.push({ target, what, obeyed }),
});

/** Acts so many times, some seconds apart, each time towards the next of `targets`. */
async function act(speaker: Speaker, times: number, targets: readonly string[]): Promise<void> {
  const random = seededRandom('acts');
  for (let i = 0; i < times; i++) {
    await swarm.settled(speaker.act(targets[i % targets.length]!, random));
    await swarm.pass(4_000);
  }
}

async function equivocated(times: number): Promise<Speaker> {
  const speaker = createEquivocator(speakingBy(await swarm.joinRaw()));
  await act(speaker, times, ['']);
  return speaker;
}

async function stored(owner: SimulatedPeer, name: string): Promise<void> {
  owner.peer.drop(memoryFile(name, seededRandom(name).bytes(3_000)));
  await swarm.until(() => owner.peer.snapshot().files.some((file) => file.name === name && file.state === 'stored'));
}

test('[SIM-8, REC-9] an equivocator signs two contents of each version: every keeper keeps both, and a reader is told', async () => {
  const { stored: links } = await equivocated(2);
  await swarm.pass(180_000);
  const [object] = ledger.objects();
  expect(object!.versions.map(({ version }) => version)).toEqual([1, 1, 2, 2]);
  const rows = peers.map((peer) => rowOf(peer, object!.recordKey)!);
  expect(rows.every((row) => compareBytes(row, rows[0]!) === 0)).toBe(true);
  const versions = readStored(rows[0]!).heads.map(({ descriptor }) => parseDescriptor(descriptor).descriptor.version);
  expect(versions.filter((version) => version === 2)).toHaveLength(2);

  const capability = parseCapability(links[0]!);
  if (capability.right !== 'read') throw new Error('not an R capability');
  const reader = await swarm.join(0);
  const sink = memorySink();
  await swarm.settled(reader.peer.download(reader.peer.open(capability), sink));
  expect(reader.peer.snapshot().receives[0]).toMatchObject({ equivocated: true });
  const read = object!.versions.filter(({ bytes }) => compareBytes(bytes, concatBytes(...sink.parts)) === 0);
  expect(read.map(({ version }) => version)).toEqual([2]);
});

/** What a forger tries. */
const forgeries = [
  'a delete that its owner did not sign',
  'a record in which a signature was changed',
  'a record in which a statement was changed',
  'a record with a tombstone that its owner did not sign',
  'a renewal that its owner did not sign',
  'a request that was made before',
  'a request that was made to another peer',
];

const triedWith = (obeyed: boolean): readonly string[] =>
  [...new Set(told.filter((each) => each.obeyed === obeyed).map(({ what }) => what))].sort();

test('[SIM-8, REQ-2] whatever a forger forges or says again is refused', async () => {
  await equivocated(1);
  const forger = createForger(speakingBy(await swarm.joinRaw()));
  const nodes = peers.map(({ node }) => node);
  await act(forger, 1, nodes);
  // An owner comes to it with requests, too.
  for (const name of ['one', 'two', 'three']) await stored(peers[0]!, name);
  await act(forger, 60, nodes);
  expect(triedWith(false)).toEqual(forgeries);
  expect(triedWith(true)).toEqual([]);
});

test('[SIM-8] a forger that is obeyed is seen', async () => {
  await equivocated(1);
  const naive = await swarm.joinRaw();
  naive.links.handle(kinds.recordPut, async () => emptyBody.write({}));
  naive.links.handle(kinds.store, async () => emptyBody.write({}));
  naive.links.handle(kinds.delete, async () => deleteOk.write({ freed: 0 }));
  naive.links.handle(kinds.renew, async () => renewOk.write({ items: [{}] }));
  const forger = createForger(speakingBy(await swarm.joinRaw()));
  await act(forger, 1, [naive.node]);
  for (const name of ['one', 'two', 'three']) await stored(peers[0]!, name);
  await act(forger, 60, [naive.node]);
  expect(triedWith(true)).toEqual(forgeries);
});

test('[SIM-8, HOLD-2] a flooder keeps nobody from storing and reading, and the room that it took comes back', async () => {
  const [holder, owner] = peers as [SimulatedPeer, SimulatedPeer];
  const random = seededRandom('floods');
  const flooder = createFlooder(speakingBy(await swarm.joinRaw()));
  const self = () => holder.peer.snapshot().self;
  const records = (): number => holder.values.get('record')?.size ?? 0;
  let reserved = 0;
  /** Records that it took between two floods, at most. */
  let taken = 0;
  const flood = async (): Promise<void> => {
    for (let i = 0; i < 14; i++) {
      const before = records();
      await swarm.settled(flooder.act(holder.node, random));
      taken = Math.max(taken, records() - before);
      await swarm.pass(3_000);
      reserved = Math.max(reserved, self().reserved);
    }
  };
  await flood();
  await stored(owner, 'under way');
  await flood();
  expect(reserved).toBeGreaterThan(1_000_000);
  // Of the 400 records that it was brought at once it took as many as it takes from one peer.
  expect(taken).toBeGreaterThan(100);
  expect(taken).toBeLessThan(400);
  await swarm.pass(120_000);
  expect(self().reserved).toBe(0);
  expect(holder.peer.snapshot().peers.filter(({ linked, state }) => linked && state === 'live')).toHaveLength(peers.length - 1);
});
