import { expect, test } from './fixtures.ts';
import { hashOf, sha256, testBytes } from './tab-peer.ts';

const pump = { search: '?transport=pump' };

test('[RTC-1] where no channel can be transferred the page pumps its frames, beside peers that transfer theirs', async ({ swarm }) => {
  await swarm.lenders(1);
  await swarm.lenders(1, { ...pump, alreadyThere: 1 });
  const owner = await swarm.open(pump);
  await owner.seesLenders(2);
  const file = { name: 'pumped.bin', bytes: testBytes(2_000_000) };
  const link = await owner.send(file);
  await owner.close();
  const reader = await swarm.open({ ...pump, hash: hashOf(link) });
  expect((await reader.download()).sha256).toBe(sha256(file.bytes));
});

test('[RTC-6] a tab that is closed says bye, and is seen to have left at once', async ({ swarm }) => {
  const stays = await swarm.open();
  const leaves = await swarm.open();
  await stays.seesPeers(1);
  const node = await leaves.node();
  await stays.show('Swarm');
  await leaves.page.close();
  // Without the bye it would be suspect, for the seconds that a broken connection takes to be noticed.
  await expect(stays.page.locator(`[data-peer="${node}"]`)).toHaveAttribute('data-state', 'away', { timeout: 3_000 });
});
