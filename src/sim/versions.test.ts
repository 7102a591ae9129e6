import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes, equalBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { recordKey } from '../core/crypto/keys.ts';
import { sha256 } from '../core/crypto/hash.ts';
import { parseDescriptor } from '../core/object/descriptor.ts';
import { decodeRecord } from '../core/record/stored.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { hangingDisk, slowNotes, stuckCodec } from './held-up.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { JoinOptions, SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;
const minuteMs = 60_000;
/** In the place of a day. */
const olderMs = 10 * minuteMs;

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('versions');
});

const fileOf = ({ peer }: SimulatedPeer) => peer.snapshot().files[0]!;
const sizes = [1_000, 300_000];
const contents = new Map(
  [1, 2, 3, 4].flatMap((version) => sizes.map((size) => [`${version} ${size}`, seededRandom(`version ${version}`).bytes(size)] as const)),
);
const contentOf = (version: number, size = 1_000): Uint8Array => contents.get(`${version} ${size}`)!;
const droppedAs = (version: number, size?: number) => memoryFile(`${version}.bin`, contentOf(version, size));
const lastEvent = ({ peer }: SimulatedPeer) => peer.snapshot().events.findLast(({ kind }) => kind === 'upload');

/** An owner and the first version of a file, stored on `count` holders, of which the last one may be made otherwise. */
async function stored(count = 2, options: JoinOptions = {}, { size, last = {} }: { size?: number; last?: JoinOptions } = {}) {
  const holders: SimulatedPeer[] = [];
  for (let i = 1; i <= count; i++)
    holders.push(await swarm.join(capacity, { ...(i === count ? last : {}), options: { policy: { olderMs, collectMs: minuteMs } } }));
  const owner = await swarm.join(0, options);
  await swarm.pass(5_000);
  const id = owner.peer.drop(droppedAs(1, size));
  await swarm.until(() => fileOf(owner)?.state === 'stored');
  return { holders, owner, id, link: fileOf(owner).capability };
}

async function replace(owner: SimulatedPeer, id: string, version: number, size?: number): Promise<void> {
  expect(owner.peer.drop({ ...droppedAs(version, size), replaces: id })).toBe(id);
  await swarm.until(() => fileOf(owner).replacing === undefined);
}

function open(reader: SimulatedPeer, link: string): string {
  const capability = parseCapability(link);
  if (capability.right !== 'read') throw new Error('not an R capability');
  return reader.peer.open(capability);
}

/** Which version a download of the link gives. */
async function read(reader: SimulatedPeer, link: string): Promise<number | undefined> {
  const sink = memorySink();
  await swarm.settled(reader.peer.download(open(reader, link), sink), 60_000);
  const bytes = concatBytes(...sink.parts);
  return [1, 2, 3, 4].find((version) => equalBytes(contentOf(version, bytes.length), bytes));
}

/** The heads of the one record that a peer keeps, the newest first. */
function headsAt({ values }: SimulatedPeer) {
  const [encoded] = values.get('record')!.values();
  return decodeRecord(encoded!).heads;
}
const versionsAt = (peer: SimulatedPeer): number[] => headsAt(peer).map(({ descriptor }) => descriptor.version);

test('[VER-1, VER-2] a new version has the same link and the next number, names what it replaces, and is what readers get', async () => {
  const { holders, owner, id, link } = await stored();
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  expect(await read(reader, link)).toBe(1);
  await replace(owner, id, 2);
  expect(owner.peer.snapshot().files).toHaveLength(1);
  expect(fileOf(owner)).toMatchObject({ id, capability: link, state: 'stored', version: 2, name: '2.bin', health: 'Thin' });
  expect(lastEvent(owner)).toMatchObject({ what: 'stored', id, file: '2.bin', version: 2 });
  const [newest, before] = headsAt(holders[0]!);
  expect(newest!.descriptor.previous).toEqual(sha256(parseDescriptor(before!.signed).body));
  expect(versionsAt(owner)).toEqual([2, 1]);
  expect(await read(reader, link)).toBe(2);
  const [other] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  expect(await read(other, link)).toBe(2);
});

test('[VER-2] who opened the link before gets the newest all the same, also who keeps no record of it', async () => {
  const { owner, id, link } = await stored();
  const others = await swarm.joinMany(9, 0);
  const late = others.find(({ values }) => (values.get('record')?.size ?? 0) === 0)!;
  open(late, link);
  await swarm.until(() => late.peer.snapshot().receives[0]!.state === 'ready');
  await replace(owner, id, 2);
  await swarm.pass(15_000);
  expect(await read(late, link)).toBe(2);
});

test('[VER-2] a read goes on with the version that it began with', async () => {
  const { owner, id, link } = await stored(2, {}, { size: 300_000 });
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const sink = memorySink();
  const done = reader.peer.download(open(reader, link), { ...sink, begin: () => held });
  await swarm.pass(3_000);
  await replace(owner, id, 2, 300_000);
  release();
  await swarm.settled(done);
  expect(equalBytes(concatBytes(...sink.parts), contentOf(1, 300_000))).toBe(true);
});

test('[VER-2, VER-6] while a new version spreads, and after it came to nothing, no record has it, and readers get the one before', async () => {
  const hangs = { now: false };
  const { holders, owner, id, link } = await stored(2, {}, { last: hangingDisk(hangs) });
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  hangs.now = true;
  owner.peer.drop({ ...droppedAs(2), replaces: id });
  await swarm.until(() => holders[0]!.disk.held.size === 2);
  expect(await read(reader, link)).toBe(1);
  owner.peer.cancel(id);
  await swarm.pass(5_000);
  expect(await read(reader, link)).toBe(1);
  expect([owner, ...holders, reader].map(versionsAt)).toEqual([[1], [1], [1], [1]]);
  // A day later, which is ten minutes here, what nobody made a version of is gone.
  await swarm.pass(12 * minuteMs);
  expect(holders[0]!.disk.held.size).toBe(1);
});

test('[VER-6] a holder that is no keeper hears within minutes that what it holds has become a version', async () => {
  const { owner, id } = await stored(2);
  await swarm.joinMany(20, 0);
  const lenders = await swarm.joinMany(4, capacity);
  await replace(owner, id, 2);
  const late = lenders.filter(({ values, disk }) => disk.held.size > 0 && (values.get('record')?.size ?? 0) === 0);
  expect(late).not.toEqual([]);
  await swarm.pass(3 * minuteMs);
  expect(late.map(versionsAt)).toEqual(late.map(() => [2, 1]));
});

describe('[VER-3] a client never gets an older version than it got before', () => {
  test('[VER-3] it waits and says so, over a restart too, and goes on when the newer one is back', async () => {
    const { holders, owner, id, link } = await stored(1);
    const [first] = holders as [SimulatedPeer];
    // What the only holder knew before the new version.
    const before = new Map([...first.values].map(([kind, rows]) => [kind, new Map(rows)]));
    const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
    await replace(owner, id, 2);
    expect(await read(reader, link)).toBe(2);
    for (const { peer } of [owner, first, reader]) await peer.stop();
    const newer = new Map(first.values);
    for (const [kind, rows] of before) first.values.set(kind, rows);
    reader.values.delete('record');
    const old = await swarm.join(capacity, { again: first });
    const again = await swarm.join(0, { again: reader });
    await swarm.pass(5_000);
    const receive = open(again, link);
    await swarm.pass(20_000);
    expect(again.peer.snapshot().receives[0]).toMatchObject({
      id: receive,
      state: 'looking',
      announced: false,
      sentence: expect.stringMatching(/^Only older versions/),
    });
    // To one who never read it the old one is the newest there is.
    const [fresh] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
    expect(await read(fresh, link)).toBe(1);
    await old.peer.stop();
    for (const [kind, rows] of newer) old.values.set(kind, rows);
    await swarm.join(capacity, { again: old });
    await swarm.until(() => again.peer.snapshot().receives[0]!.state === 'ready', minuteMs);
    expect(await read(again, link)).toBe(2);
  });
});

test('[VER-4] the shards of the older version go after the time set, not before, and readers go on', async () => {
  const { holders, owner, id, link } = await stored();
  await replace(owner, id, 2);
  await swarm.pass(9 * minuteMs);
  expect(holders.map(({ disk }) => disk.held.size)).toEqual([2, 2]);
  await swarm.pass(3 * minuteMs);
  expect(holders.map(({ disk }) => disk.held.size)).toEqual([1, 1]);
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  expect(await read(reader, link)).toBe(2);
  expect(fileOf(owner)).toMatchObject({ version: 2, shards: [1, 1] });
});

describe('[VER-5] a new version that comes to nothing leaves the file as it was', () => {
  /** What may not change by it. */
  const keptOf = (owner: SimulatedPeer) => {
    const { replacing: _, ...view } = fileOf(owner);
    return view;
  };

  test('[VER-5] cancelled before anybody holds any of it: nobody hears of it, and the next one takes its number', async () => {
    const stuck = { now: false };
    const { holders, owner, id, link } = await stored(2, stuckCodec(stuck));
    const before = keptOf(owner);
    stuck.now = true;
    owner.peer.drop({ ...droppedAs(2), replaces: id });
    expect(fileOf(owner).replacing).toMatchObject({ state: 'queued', name: '2.bin', size: 1_000 });
    await swarm.until(() => fileOf(owner).replacing?.state === 'spreading');
    expect(fileOf(owner).replacing!.bytesTotal).toBeGreaterThan(1_000);
    expect(keptOf(owner)).toEqual(before);
    owner.peer.cancel(id);
    await swarm.until(() => fileOf(owner).replacing?.state === 'cancelled');
    expect(fileOf(owner).replacing).toMatchObject({ error: 'cancelled', sentence: expect.stringMatching(/as it was/) });
    expect(lastEvent(owner)).toMatchObject({ what: 'failed', id, file: '2.bin', code: 'cancelled' });
    expect(keptOf(owner)).toEqual(before);
    expect([owner, ...holders].map(versionsAt)).toEqual([[1], [1], [1]]);
    owner.peer.cancel(id);
    expect(fileOf(owner).replacing).toBeUndefined();
    stuck.now = false;
    await replace(owner, id, 2);
    expect(fileOf(owner).version).toBe(2);
    const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
    expect(await read(reader, link)).toBe(2);
  });

  test('[VER-5] of attempts that left something behind none takes the place of the stored version, and the next stored one does', async () => {
    const hangs = { now: false };
    const { holders, owner, id, link } = await stored(3, {}, { last: hangingDisk(hangs) });
    const before = keptOf(owner);
    const [, , refusing] = holders as [SimulatedPeer, SimulatedPeer, SimulatedPeer];
    hangs.now = true;
    for (const attempt of [2, 3]) {
      owner.peer.drop({ ...droppedAs(attempt), replaces: id });
      await swarm.until(() => holders[0]!.disk.held.size === attempt);
      owner.peer.cancel(id);
      await swarm.until(() => fileOf(owner).replacing?.state === 'cancelled');
      await swarm.pass(2_000);
      expect(versionsAt(holders[0]!)).toEqual([1]);
      expect(keptOf(owner)).toEqual(before);
      const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
      expect(await read(reader, link)).toBe(1);
    }
    await refusing.peer.stop();
    await swarm.pass(5_000);
    await replace(owner, id, 4);
    expect(fileOf(owner)).toMatchObject({ version: 4, name: '4.bin' });
    expect(versionsAt(holders[0]!)).toEqual([4, 1]);
    await swarm.pass(12 * minuteMs);
    expect(holders.slice(0, 2).map(({ disk }) => disk.held.size)).toEqual(holders.slice(0, 2).map(() => 1));
  });

  test('[VER-5] a peer that ends in the middle of it starts with the stored version, and says that the new one was not stored', async () => {
    const stuck = { now: false };
    const { owner, id, link } = await stored(2, stuckCodec(stuck));
    stuck.now = true;
    owner.peer.drop({ ...droppedAs(2), replaces: id });
    await swarm.until(() => fileOf(owner).replacing?.state === 'spreading');
    owner.kill();
    let again = await swarm.join(0, { again: owner });
    await swarm.pass(5_000);
    expect(fileOf(again)).toMatchObject({ state: 'stored', version: 1, name: '1.bin', replacing: { state: 'failed', name: '2.bin' } });
    again.peer.cancel(id);
    await swarm.pass(1_000);
    await again.peer.stop();
    again = await swarm.join(0, { again });
    await swarm.pass(5_000);
    expect(fileOf(again)).toMatchObject({ state: 'stored', version: 1 });
    expect(fileOf(again).replacing).toBeUndefined();
    await replace(again, id, 2);
    const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
    expect(await read(reader, link)).toBe(2);
  });

  test('[VER-5] one with a name that no header takes fails, and the note of the file stays readable', async () => {
    const { owner, id } = await stored();
    owner.peer.drop({ ...memoryFile('n'.repeat(1_025), contentOf(2)), replaces: id });
    await swarm.until(() => fileOf(owner).replacing?.state === 'failed');
    expect(fileOf(owner).replacing).toMatchObject({ error: 'bad-input' });
    await owner.peer.stop();
    const again = await swarm.join(0, { again: owner });
    await swarm.pass(5_000);
    expect(fileOf(again)).toMatchObject({ id, state: 'stored', version: 1 });
  });

  test('[VER-5] one that ended when it was stored, and had not noted that, has it after the next start', async () => {
    const { owner, id } = await stored(2, slowNotes(new Promise(() => {})));
    owner.peer.drop({ ...droppedAs(2), replaces: id });
    await swarm.until(() => versionsAt(owner)[0] === 2);
    await swarm.pass(5_000);
    expect(fileOf(owner)).toMatchObject({ replacing: { name: '2.bin' } });
    owner.kill();
    const again = await swarm.join(0, { again: owner });
    await swarm.pass(5_000);
    expect(fileOf(again)).toMatchObject({ version: 2, name: '2.bin' });
    expect(fileOf(again).replacing).toBeUndefined();
  });

  test('[VER-5] cancelled when it was stored already it is the file’s version all the same', async () => {
    let release = (): void => {};
    const { holders, owner, id, link } = await stored(2, slowNotes(new Promise((resolve) => (release = resolve))));
    owner.peer.drop({ ...droppedAs(2), replaces: id });
    await swarm.until(() => versionsAt(owner)[0] === 2);
    owner.peer.cancel(id);
    await swarm.pass(1_000);
    release();
    await swarm.until(() => fileOf(owner).replacing === undefined);
    expect(fileOf(owner)).toMatchObject({ version: 2, name: '2.bin' });
    expect(lastEvent(owner)).toMatchObject({ what: 'stored', version: 2 });
    // Its keepers hear of it by the next sync.
    await swarm.until(() => versionsAt(holders[0]!)[0] === 2, 5 * minuteMs);
    const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
    expect(await read(reader, link)).toBe(2);
  });
});

test('[VER-1] busy while a version of it is on its way, not-found for what is not one’s own; it is not deleted meanwhile', async () => {
  const stuck = { now: false };
  const { owner, id } = await stored(2, stuckCodec(stuck));
  stuck.now = true;
  owner.peer.drop({ ...droppedAs(2), replaces: id });
  expect(() => owner.peer.drop({ ...droppedAs(3), replaces: id })).toThrow(expect.objectContaining({ code: 'busy' }));
  expect(() => owner.peer.drop({ ...droppedAs(3), replaces: '0123456789abcdef' })).toThrow(expect.objectContaining({ code: 'not-found' }));
  await expect(owner.peer.remove(id)).rejects.toMatchObject({ code: 'busy' });
});

test('[VER-1] the next version counts on from what another device stored', async () => {
  const { owner, id, link, holders } = await stored();
  await owner.peer.stop();
  const device = await swarm.join(0);
  // The same owner on another device: its list of own files is there too.
  device.values.set('own', new Map(owner.values.get('own')));
  await device.peer.stop();
  const twin = await swarm.join(0, { again: { ...device, identity: { ...device.identity, vault: owner.identity.vault } } });
  await swarm.pass(5_000);
  await replace(twin, id, 2);
  await twin.peer.stop();
  const back = await swarm.join(0, { again: owner });
  await swarm.pass(5_000);
  expect(fileOf(back).version).toBe(2);
  await replace(back, id, 3);
  expect(versionsAt(holders[0]!)).toEqual([3, 2]);
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  expect(await read(reader, link)).toBe(3);
  expect(toHex(recordKey(headsAt(holders[0]!)[0]!.descriptor.objectKey)).startsWith(id)).toBe(true);
});
