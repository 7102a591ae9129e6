import { writeFileSync } from 'node:fs';
import { jsonOf, run } from '../cli/run.testing.ts';
import { expect, test } from './fixtures.ts';
import { HeadlessPeers } from './headless-peers.ts';
import { hashOf, testBytes } from './tab-peer.ts';

/** Live holders have freed the bytes by then, ms (SPEC DEL-2). */
const freedMs = 10_000;
const file = { name: 'letter.bin', bytes: testBytes(1_000_000) };

test('[FLOW-24] what is deleted in the page, or by `rm`, goes from tabs and headless peers within 10 s, and its link says so', async ({
  server,
  swarm,
}) => {
  const peers = await HeadlessPeers.start(server.url, test.info().outputPath('swarm'), 2);
  try {
    const [lender] = await swarm.lenders(1, { alreadyThere: 2 });
    const held = async (): Promise<number[]> => {
      const shown = await Promise.all([0, 1].map(async (index) => run(['status', '--home', peers.home(index), '--json'])));
      const headless = shown.map((ended) => (jsonOf(ended) as unknown as { self: { used: number } }).self.used);
      return [...headless, await lender!.bytesHeld()];
    };
    const owner = await swarm.open();
    await owner.seesLenders(3);
    const link = await owner.send(file);
    expect(Math.min(...(await held()))).toBeGreaterThan(0);

    await owner.page.getByRole('link', { name: file.name }).click();
    await owner.page.getByRole('button', { name: 'Delete this file' }).click();
    await owner.page.getByRole('button', { name: 'Delete for good' }).click();
    await expect.poll(held, { timeout: freedMs }).toEqual([0, 0, 0]);
    await expect(owner.page.getByRole('heading', { level: 1, name: 'Files' })).toBeVisible();
    await expect(owner.page.locator('[data-file]')).toHaveCount(0);
    const late = await swarm.open({ hash: hashOf(link) });
    await expect(late.page.locator('[data-receive]')).toContainText('Deleted: This file was deleted by its owner.');

    const path = test.info().outputPath(file.name);
    writeFileSync(path, file.bytes);
    const second = await peers.shoal('put', path);
    expect(Math.min(...(await held()))).toBeGreaterThan(0);
    await peers.shoal('rm', second);
    await expect.poll(held, { timeout: freedMs }).toEqual([0, 0, 0]);
    expect([...owner.errors, ...lender!.errors, ...late.errors]).toEqual([]);
  } finally {
    await peers.endAll();
  }
});
