import { shardsAtRest } from './at-rest.ts';
import { isUnderWay, killProcess, fillUp } from './mishaps.ts';
import { expect, longTest, test } from './fixtures.ts';
import { hashOf, sha256, type TabPeer, type TestFile, testBytes } from './tab-peer.ts';

/** Shards held by this tab, as its contribute page says. */
async function shardsOf(peer: TabPeer): Promise<number> {
  await peer.show('Contribute');
  return Number(await peer.page.locator('[data-shards]').getAttribute('data-shards'));
}

longTest(
  '[FLOW-8] a holder whose process dies in the middle of an upload, and another in the middle of the download',
  async ({ swarm }) => {
    test.setTimeout(180_000);
    const [first, second, third, fourth] = (await swarm.lenders(4)) as [TabPeer, TabPeer, TabPeer, TabPeer];
    const owner = await swarm.open();
    await owner.seesLenders(4);
    const file = { name: 'mishap.bin', bytes: testBytes(20_000_000) };
    await owner.drop(file);
    await isUnderWay(owner, 0.2);
    await killProcess(first);
    await expect(owner.page.locator('[data-file]')).not.toHaveAttribute('data-state', 'stored');
    const link = await owner.stored(file.name);
    await owner.close();
    // 4+2, and the dead one has none of them: two on each of the others.
    for (const storer of [second, third, fourth]) expect(await shardsOf(storer)).toBe(2);

    const reader = await swarm.open({ hash: hashOf(link) });
    await reader.seesPeers(3);
    const downloaded = reader.download();
    await isUnderWay(reader, 0.2);
    await killProcess(second);
    await expect(reader.page.locator('[data-receive]')).toHaveAttribute('data-state', 'downloading');
    expect((await downloaded).sha256).toBe(sha256(file.bytes));
  },
);

test('[FLOW-11, FLOW-9] signaling restarts in the middle of an upload; a peer that comes later reads, also from a reloaded storer', async ({
  server,
  swarm,
}) => {
  test.setTimeout(180_000);
  const storers = await swarm.lenders(3);
  const owner = await swarm.open();
  await owner.seesLenders(3);
  const file = { name: 'restart.bin', bytes: testBytes(12_000_000) };
  await owner.drop(file);
  await isUnderWay(owner, 0.1);
  await server.stop();
  await expect(owner.page.locator('[data-file]')).not.toHaveAttribute('data-state', 'stored');
  const link = await owner.stored(file.name);
  await owner.seesPeers(3);
  await server.restart();

  const reader = await swarm.open({ hash: hashOf(link) });
  await reader.seesPeers(4);
  expect((await reader.download()).sha256).toBe(sha256(file.bytes));
  await reader.close();

  await owner.close();
  await storers[0]!.page.reload();
  await storers[0]!.runs();
  // Two shards each of 4+2: with one of three gone, both of the reloaded one are needed.
  await storers[1]!.close();
  const later = await swarm.open({ hash: hashOf(link) });
  expect((await later.download()).sha256).toBe(sha256(file.bytes));
});

longTest('[FLOW-10] a peer that has no room left refuses its shard, and another one takes it', async ({ swarm }) => {
  const [small, ...others] = (await swarm.lenders(4)) as [TabPeer, ...TabPeer[]];
  const owner = await swarm.open();
  await owner.seesLenders(4);
  // 4+2: of six shards each of four equal lenders is given one at least.
  const [first, second] = ['first.bin', 'second.bin'].map((name) => ({ name, bytes: testBytes(500_000, name) })) as [TestFile, TestFile];
  await owner.send(first);
  const before = await shardsAtRest(small.page);
  expect(before.shards).toBeGreaterThan(0);

  await fillUp(small, before.used);
  const link = await owner.send(second);
  expect(await shardsAtRest(small.page)).toEqual({ ...before, broken: [], reserved: 0, staged: 0 });
  const rest = await Promise.all(others.map(({ page }) => shardsAtRest(page)));
  expect(rest.reduce((sum, { shards }) => sum + shards, before.shards)).toBe(12);
  await owner.page.goto(link);
  expect((await owner.download()).sha256).toBe(sha256(second.bytes));
});
