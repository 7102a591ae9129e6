import { beforeEach, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import type { Codec } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;
const [first, second] = ['first', 'second'].map((seed) => seededRandom(seed).bytes(20_000)) as [Uint8Array, Uint8Array];

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('other version');
});

/** An owner of a file with one version, and its holders. */
async function stored() {
  const holders = await swarm.joinMany(2, capacity);
  const owner = await swarm.join(0);
  await swarm.pass(5_000);
  const id = owner.peer.drop(memoryFile('file', first));
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'stored');
  const replace = async (): Promise<void> => {
    owner.peer.drop({ ...memoryFile('file', second), replaces: id });
    await swarm.until(() => owner.peer.snapshot().files[0]!.version === 2);
  };
  const capability = parseCapability(owner.peer.snapshot().files[0]!.capability);
  if (capability.right !== 'read') throw new Error('not an R capability');
  return { holders, replace, capability };
}

const receiveOf = ({ peer }: SimulatedPeer) => peer.snapshot().receives[0]!;

test('[VER-2] who waits for a version of which too little is there opens the next one once that is stored', async () => {
  const { holders, replace, capability } = await stored();
  for (const { peer } of holders) await peer.stop();
  const reader = await swarm.join(0);
  await swarm.pass(5_000);
  const id = reader.peer.open(capability);
  const sink = memorySink();
  const done = reader.peer.download(id, sink);
  await swarm.until(() => receiveOf(reader).state === 'waiting');
  expect(receiveOf(reader)).toMatchObject({ version: 1, shardsFound: 0 });
  await swarm.joinMany(2, capacity);
  await replace();
  await swarm.settled(done, 60_000);
  expect(receiveOf(reader)).toMatchObject({ state: 'done', version: 2 });
  expect(concatBytes(...sink.parts)).toEqual(second);
});

test('[VER-2] a download says which version it handed over, also where it heard of a newer one meanwhile', async () => {
  const { holders, replace, capability } = await stored();
  const reader = await swarm.join(0);
  await swarm.pass(5_000);
  const id = reader.peer.open(capability);
  const sink = memorySink();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const done = reader.peer.download(id, { ...sink, begin: () => held });
  await swarm.until(() => receiveOf(reader).state === 'downloading');
  await replace();
  for (const { peer } of holders) await peer.stop();
  release();
  // Nobody is there to read from: it looks the record up again.
  await swarm.until(() => receiveOf(reader).state === 'waiting');
  await swarm.pass(10_000);
  for (const again of holders) await swarm.join(capacity, { again });
  await swarm.settled(done, 60_000);
  expect(concatBytes(...sink.parts)).toEqual(first);
  expect(receiveOf(reader)).toMatchObject({ state: 'done', version: 1 });
  const newer = memorySink();
  await swarm.settled(reader.peer.download(id, newer), 60_000);
  expect(concatBytes(...newer.parts)).toEqual(second);
  expect(receiveOf(reader)).toMatchObject({ state: 'done', version: 2 });
});

test('[READ-5] whenever a download is cancelled, whatever it had opened is closed', async () => {
  const { capability } = await stored();
  let open = 0;
  const counted = (inner: Codec): Codec => ({
    ...inner,
    async open(job) {
      open++;
      const opener = await inner.open(job);
      let isOpen = true;
      return {
        begin: (excerpt) => opener.begin(excerpt),
        add: (leaves) => opener.add(leaves),
        next: (spare) => opener.next(spare),
        header: () => opener.header(),
        close() {
          if (isOpen) open--;
          isOpen = false;
          opener.close();
        },
      };
    },
  });
  let looked = (): void => {};
  const reader = await swarm.join(0, {
    around: (ports) => ({
      ...ports,
      codec: counted(ports.codec),
      clock: {
        now() {
          looked();
          return ports.clock.now();
        },
        timer: (...asked) => ports.clock.timer(...asked),
      },
    }),
  });
  await swarm.pass(5_000);
  const id = reader.peer.open(capability);
  await swarm.until(() => receiveOf(reader).state === 'ready');
  expect(open).toBe(1);
  // At each of the first times that it looks at the clock, the one in which what opened the link goes over to the download among them.
  for (let last = 1; last <= 8; last++) {
    let looks = 0;
    looked = () => void (++looks === last && reader.peer.cancelReceive(id));
    await swarm.settled(
      reader.peer.download(id, memorySink()).catch(() => {}),
      10_000,
    );
    looked = () => {};
  }
  expect(open).toBe(0);
});
