import { expect, longTest, type Swarm, test } from './fixtures.ts';
import { hashOf, sha256, type TabPeer, testBytes } from './tab-peer.ts';

// The steps are also the story that `npm run demo` tells: what it prints is what was checked.

const { step } = test;
const megabyte = 1_000_000;

/** The sender's tab comes, sends one file and is closed. */
async function sendAndLeave(swarm: Swarm, name: string, bytes: Buffer, lenderCount: number): Promise<string> {
  return step(
    `another tab drops ${name} (${bytes.length / megabyte} MB), waits for "stored", keeps 0 bytes of it, and is closed`,
    async () => {
      const owner = await swarm.open();
      await owner.seesLenders(lenderCount);
      const link = await owner.send({ name, bytes });
      expect(await owner.bytesHeld()).toBe(0);
      expect(owner.foreignRequests).toEqual([]);
      expect(owner.errors).toEqual([]);
      await owner.close();
      return link;
    },
  );
}

/** A fresh profile opens the link. */
async function openLink(swarm: Swarm, link: string, name: string, bytes: Buffer): Promise<void> {
  await step('a fresh profile opens the link: the key is gone from its address bar, the file arrives with the same SHA-256', async () => {
    const reader = await swarm.open({ hash: hashOf(link) });
    expect(reader.page.url()).not.toContain('R.');
    expect(await reader.download()).toEqual({ name, size: bytes.length, sha256: sha256(bytes) });
    expect(reader.foreignRequests).toEqual([]);
    expect(reader.errors).toEqual([]);
    await reader.close();
  });
}

/** Each holder keeps `share` of the file, and what padding adds: at most 12 %. */
async function eachHolds(storers: readonly TabPeer[], bytes: Buffer, share: number): Promise<void> {
  await step(`each of the ${storers.length} tabs holds ${100 * share} % of the file, none of them can read it`, async () => {
    for (const storer of storers) {
      const held = await storer.bytesHeld();
      expect(held).toBeGreaterThanOrEqual(share * bytes.length);
      expect(held).toBeLessThan(1.12 * share * bytes.length + 65_536);
    }
  });
}

test('[FLOW-1, UP-6] a file outlives the tab that sent it', async ({ swarm }) => {
  const bytes = testBytes(20 * megabyte);
  const storers = await step('6 tabs lend storage and link with each other', () => swarm.lenders(6, { apart: true }));
  const link = await sendAndLeave(swarm, 'voyage.bin', bytes, 6);
  await eachHolds(storers, bytes, 1 / 4);
  await openLink(swarm, link, 'voyage.bin', bytes);
});

longTest('[FLOW-2] with 4+2 shards on 6 holders, any two may vanish', async ({ swarm }) => {
  const bytes = testBytes(3 * megabyte);
  const storers = await step('6 tabs lend storage and link with each other', () => swarm.lenders(6));
  const link = await sendAndLeave(swarm, 'pair.bin', bytes, 6);
  await eachHolds(storers, bytes, 1 / 4);
  await step('two of the holders are closed', async () => {
    for (const storer of [storers[1]!, storers[4]!]) await storer.close();
  });
  await openLink(swarm, link, 'pair.bin', bytes);
});

longTest('[FLOW-3] with two shards on each of 3 holders, any one may vanish', async ({ server, swarm }) => {
  const bytes = testBytes(2 * megabyte);
  const storers = await step('3 tabs lend storage and link with each other', () => swarm.lenders(3));
  const link = await sendAndLeave(swarm, 'three.bin', bytes, 3);
  await eachHolds(storers, bytes, 1 / 2);
  for (const [i, storer] of storers.entries()) {
    await step(`holder ${i + 1} leaves`, () => storer.page.goto('about:blank'));
    await openLink(swarm, link, 'three.bin', bytes);
    await step(`holder ${i + 1} comes back`, async () => {
      await storer.page.goto(server.url);
      await storer.runs();
    });
  }
});
