import { expect, test } from './fixtures.ts';
import { hashOf, sha256, testBytes } from './tab-peer.ts';

const pump = { search: '?transport=pump' };

test('[FLOW-16] where every page pumps, a file of 20 MB outlives the tab that sent it', async ({ swarm }) => {
  await swarm.lenders(6, pump);
  const owner = await swarm.open(pump);
  await owner.seesLenders(6);
  const file = { name: 'all-pumped.bin', bytes: testBytes(20_000_000) };
  const link = await owner.send(file);
  expect(await owner.bytesHeld()).toBe(0);
  await owner.close();
  const reader = await swarm.open({ ...pump, hash: hashOf(link) });
  expect(await reader.download()).toEqual({ name: file.name, size: file.bytes.length, sha256: sha256(file.bytes) });
});
