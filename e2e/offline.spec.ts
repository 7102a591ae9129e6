import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from '../signaling/server.ts';
import { expect, longTest, swarmAt, test } from './fixtures.ts';
import { isUnderWay } from './mishaps.ts';
import { hashOf, TabPeer, testBytes } from './tab-peer.ts';

/** Settings says so once everything of the page is kept. */
async function isKept(tab: TabPeer): Promise<void> {
  await tab.page.goto(`${new URL(tab.page.url()).origin}/#/settings`);
  await expect(tab.page.locator('[data-offline=true]')).toBeVisible({ timeout: 30_000 });
}

test('[OFF-6, SWARM-2] without its server the page opens with own files and shards held', async ({ server, swarm }) => {
  const [holder] = await swarm.lenders(1, { apart: true });
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
  const notice = holder!.page.locator('[data-lost]');
  await expect(notice).toContainText('Transfers go on');
  const secondsLeft = async (): Promise<number> => Number(/Reconnecting in (\d+)/.exec((await notice.textContent()) ?? '')?.[1] ?? 0);
  await expect.poll(secondsLeft).toBeGreaterThan(1);
  const seen = await secondsLeft();
  await expect.poll(secondsLeft).toBe(seen - 1);
});

/** A server of its own page, which another version can take the place of. */
async function ownPage() {
  const page = test.info().outputPath('page');
  cpSync(fileURLToPath(new URL('../dist/page/', import.meta.url)), page, { recursive: true });
  const server = await createServer({ host: '127.0.0.1', port: 0, logLevel: 'silent' }, { page, version: '0' });
  await server.listen();
  const worker = join(page, 'service-worker.js');
  const [, hash = 'none'] = /hash:.([0-9a-f]{12})/.exec(readFileSync(worker, 'utf8')) ?? [];
  const replace = (): void => writeFileSync(worker, readFileSync(worker, 'utf8').replace(hash, 'newer'));
  return { url: server.url.replace(/\/$/, ''), hash, replace, close: () => server.close() };
}

const offerIn = ({ page }: TabPeer) => page.getByRole('button', { name: 'Use it now' });

test('[OFF-3, OFF-4] a new version waits until the person uses it; then it alone is kept', async ({ browser }) => {
  const own = await ownPage();
  const tab = await swarmAt(browser, own.url).open();
  const kept = () => tab.page.evaluate(() => caches.keys());
  await isKept(tab);
  const before = await kept();
  expect(before).toEqual([`shoal-page-${own.hash}`]);
  own.replace();
  await tab.page.reload();
  await expect(offerIn(tab)).toBeVisible({ timeout: 30_000 });
  expect((await kept()).sort()).toEqual([...before, 'shoal-page-newer'].sort());
  await Promise.all([tab.page.waitForEvent('load'), offerIn(tab).click()]);
  await expect(tab.page.locator('[data-phase=running]')).toBeVisible();
  await expect.poll(kept).toEqual(['shoal-page-newer']);
  await expect(offerIn(tab)).toHaveCount(0);
  await own.close();
});

longTest('[OFF-5] a new version is not used while a download streams in another tab', async ({ browser }) => {
  const own = await ownPage();
  const swarm = swarmAt(browser, own.url);
  const [holder] = await swarm.lenders(1);
  const owner = await swarm.open();
  await owner.seesLenders(1);
  const link = await owner.send({ name: 'streams.bin', bytes: testBytes(20_000_000) });
  await owner.close();

  const reader = await swarm.open({ hash: hashOf(link) });
  const card = reader.page.locator('[data-receive]').first();
  await card.getByRole('button', { name: 'Download', exact: true }).click();
  await isUnderWay(reader, 0.1);
  // Nobody has the rest of it any more: the download waits.
  await holder!.close();
  own.replace();
  const beside = await TabPeer.openIn(reader.context, own.url, { search: '?profile=beside' });
  await offerIn(beside).click();
  await expect(beside.page.locator('[data-update]')).toContainText('another tab');
  await card.getByRole('button', { name: 'Cancel' }).click();
  await Promise.all([beside.page.waitForEvent('load'), offerIn(beside).click()]);
  await expect(beside.page.locator('[data-phase=running]')).toBeVisible();
  await own.close();
});
