import { connectionsOf } from './mishaps.ts';
import { expect, test } from './fixtures.ts';
import { TabPeer, testBytes } from './tab-peer.ts';

test('[FLOW-15] 12 peers exchange 50 files over one connection for each pair, and keep none after 50 joins and leaves', async ({
  browser,
  server,
  swarm,
}) => {
  test.setTimeout(300_000);
  const peers = await swarm.lenders(12);
  const senders = peers.slice(0, 10);
  for (const [i, sender] of senders.entries())
    await sender.dropAll(Array.from({ length: 5 }, (_, j) => ({ name: `${i}-${j}.bin`, bytes: testBytes(20_000, `${i} ${j}`) })));
  for (const sender of senders) await expect(sender.page.locator('[data-file][data-state=stored]')).toHaveCount(5, { timeout: 60_000 });
  for (const peer of peers) expect(await connectionsOf(peer)).toEqual({ kept: 11, open: 11 });

  // Nine of them leave, and 42 guests come and go: 51 in all.
  const stay = peers.slice(0, 3);
  for (const peer of peers.slice(3)) await peer.close();
  for (const peer of stay) await peer.seesPeers(2);
  const guests = await browser.newContext();
  for (let round = 0; round < 7; round++) {
    const profiles = Array.from({ length: 6 }, (_, i) => `?profile=guest-${round}-${i}`);
    const came = await Promise.all(profiles.map((search) => TabPeer.openIn(guests, server.url, { search })));
    for (const peer of stay) await peer.seesPeers(8);
    for (const { page } of came) await page.close();
    for (const peer of stay) await peer.seesPeers(2);
  }
  for (const peer of stay) await expect.poll(() => connectionsOf(peer)).toEqual({ kept: 2, open: 2 });
});
