import { expect, test } from './fixtures.ts';
import { isLong } from '../test/long.ts';
import { sha256, type TestFile, testBytes } from './tab-peer.ts';

const block = 262_144;
const stripeOf4 = 4 * block;
const segmentOf4 = 32 * stripeOf4;

/** File lengths around every border of the format: nothing, chunks, blocks, a stripe and a segment of 4+2; for time's sake not all each time. */
const some = [0, 16_385, block, stripeOf4 + 1];
const all = [0, 1, 16_383, 16_384, 16_385, block - 1, block, block + 1, stripeOf4 + 1, segmentOf4 + 1];
const lengths = isLong ? all : some;

test('[FLOW-4] files of every awkward length, and a name in emoji, arrive as they were sent', async ({ swarm }) => {
  test.setTimeout(240_000);
  await swarm.lenders(6);
  const owner = await swarm.open();
  await owner.seesLenders(6);
  const files: TestFile[] = [
    ...lengths.map((length) => ({ name: `length-${length}.bin`, bytes: testBytes(length) })),
    { name: '🐟🐠 schwärmt 群れ.bin', bytes: testBytes(5_000) },
  ];
  const reader = await swarm.open();
  for (const [opened, file] of files.entries()) {
    await reader.page.goto(await owner.send(file));
    await expect(reader.page.locator('[data-receive]')).toHaveCount(opened + 1);
    const got = await reader.download();
    expect(got, file.name).toEqual({ name: file.name, size: file.bytes.length, sha256: sha256(file.bytes) });
  }
});
