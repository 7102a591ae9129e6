import { expect, test } from './fixtures.ts';
import { HeadlessPeers } from './headless-peers.ts';
import { hashOf, testBytes } from './tab-peer.ts';

test('[FLOW-25, CONF-9] a month later, by a clock that is ahead, holders have collected what nobody renewed, and its link says so', async ({
  server,
  swarm,
}) => {
  const peers = await HeadlessPeers.start(server.url, test.info().outputPath('swarm'), 2);
  try {
    const owner = await swarm.open();
    await owner.seesLenders(2);
    const link = await owner.send({ name: 'letter.bin', bytes: testBytes(300_000) });
    await owner.page.getByRole('link', { name: 'letter.bin' }).click();
    await expect(owner.page.getByText('It is renewed by itself while one of your devices is online.')).toBeVisible();
    await owner.close();

    expect(Math.min(...(await peers.used()))).toBeGreaterThan(0);
    await peers.endAll();
    await Promise.all([0, 1].map((index) => peers.start(index, '--clock-offset', '31d')));
    await expect.poll(() => peers.used(), { timeout: 15_000 }).toEqual([0, 0]);

    const reader = await swarm.open({ search: '?profile=later&clock=31d', hash: hashOf(link) });
    await expect(reader.page.locator('[data-receive]')).toContainText('Not kept any more: Nobody renewed it before its lease ended.');
    expect(reader.errors).toEqual([]);
  } finally {
    await peers.endAll();
  }
});
