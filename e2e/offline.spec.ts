import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from '../signaling/server.ts';
import { expect, swarmAt, test } from './fixtures.ts';
import { type TabPeer, testBytes } from './tab-peer.ts';

/** Settings says so once everything of the page is kept. */
async function isKept(tab: TabPeer): Promise<void> {
  await tab.page.goto(`${new URL(tab.page.url()).origin}/#/settings`);
  await expect(tab.page.locator('[data-offline=true]')).toBeVisible({ timeout: 30_000 });
}

test('[OFF-6] without its server the page opens with own files and shards held', async ({ server, swarm }) => {
  const [holder] = await swarm.lenders(1);
  const owner = await swarm.open();
  await owner.seesLenders(1);
  await owner.send({ name: 'voyage.bin', bytes: testBytes(200_000) });
  for (const tab of [holder!, owner]) await isKept(tab);
  const held = await holder!.bytesHeld();
  expect(held).toBeGreaterThan(0);

  await server.stop();
  for (const { page } of [holder!, owner]) {
    await page.reload();
    await expect(page.locator('[data-phase=running]')).toBeVisible();
  }
  await owner.show('Files');
  await expect(owner.page.locator('[data-file]', { hasText: 'voyage.bin' })).toBeVisible();
  expect(await holder!.bytesHeld()).toBe(held);
  await holder!.show('Swarm');
  await expect(holder!.page.locator('[data-lost]')).toContainText(/Transfers go on/);
});

test('[OFF-3, OFF-4] a new version waits until the person uses it; then it alone is kept', async ({ browser }) => {
  const page = test.info().outputPath('page');
  cpSync(fileURLToPath(new URL('../dist/page/', import.meta.url)), page, { recursive: true });
  const own = await createServer({ host: '127.0.0.1', port: 0, logLevel: 'silent' }, { page, version: '0' });
  await own.listen();
  const tab = await swarmAt(browser, own.url).open();
  const kept = () => tab.page.evaluate(() => caches.keys());
  await isKept(tab);
  const before = await kept();

  const worker = join(page, 'service-worker.js');
  const [, hash = 'none'] = /hash:.([0-9a-f]{12})/.exec(readFileSync(worker, 'utf8')) ?? [];
  expect(before).toEqual([`shoal-page-${hash}`]);
  writeFileSync(worker, readFileSync(worker, 'utf8').replace(hash, 'newer'));
  await tab.page.reload();
  const offer = tab.page.getByRole('button', { name: 'Use it now' });
  await expect(offer).toBeVisible({ timeout: 30_000 });
  expect((await kept()).sort()).toEqual([...before, 'shoal-page-newer'].sort());
  await Promise.all([tab.page.waitForEvent('load'), offer.click()]);
  await expect(tab.page.locator('[data-phase=running]')).toBeVisible();
  await expect.poll(kept).toEqual(['shoal-page-newer']);
  await expect(offer).toHaveCount(0);
  await own.close();
});
