import { type Browser, expect, test } from '@playwright/test';
import { startServer, type TestServer } from './server.ts';
import { hashOf, launchBrowser, lenders, sha256, TabPeer, testBytes } from './tab-peer.ts';

// What takes six holders and 20 MB to show.

let browser: Browser;
let server: TestServer;

test.beforeEach(async () => {
  browser = await launchBrowser();
  server = await startServer();
});
test.afterEach(async () => {
  await browser.close();
  await server.stop();
});

const pump = { search: '?transport=pump' };

test('[FLOW-16] where every page pumps, a file of 20 MB outlives the tab that sent it', async () => {
  await lenders(browser, server.url, 6, pump);
  const owner = await TabPeer.open(browser, server.url, pump);
  await owner.seesLenders(6);
  const file = { name: 'all-pumped.bin', bytes: testBytes(20_000_000) };
  const link = await owner.send(file);
  expect(await owner.bytesHeld()).toBe(0);
  await owner.close();
  const reader = await TabPeer.open(browser, server.url, { ...pump, hash: hashOf(link) });
  expect(await reader.download()).toEqual({ name: file.name, size: file.bytes.length, sha256: sha256(file.bytes) });
});

test('[READ-8] 100 kB in the middle of 20 MB, with every data holder there, cost less than 1 MB from all peers together', async () => {
  await lenders(browser, server.url, 6);
  const owner = await TabPeer.open(browser, server.url);
  await owner.seesLenders(6);
  const big = { name: 'middle.bin', bytes: testBytes(20_000_000) };
  const bigLink = await owner.send(big);
  await owner.close();

  const reader = await TabPeer.open(browser, server.url, { hash: hashOf(bigLink) });
  const card = reader.page.locator('[data-receive]').first();
  await expect(card).toHaveAttribute('data-state', 'ready', { timeout: 60_000 });
  await card.getByText('Download a part').click();
  await card.getByLabel('From byte').fill('10000000');
  await card.getByLabel('Bytes', { exact: true }).fill('100000');
  const part = await reader.saved(card.getByRole('button', { name: 'Download part' }));
  await expect(card).toHaveAttribute('data-state', 'done');
  expect(part).toEqual({
    name: 'middle (bytes 10000000-10099999).bin',
    size: 100_000,
    sha256: sha256(big.bytes.subarray(10_000_000, 10_100_000)),
  });

  await reader.show('Swarm');
  const rows = await reader.page.locator('[data-peer]').all();
  const received = await Promise.all(rows.map(async (row) => Number(await row.getAttribute('data-received'))));
  const sum = received.reduce((total, bytes) => total + bytes, 0);
  expect(sum).toBeGreaterThan(100_000);
  expect(sum).toBeLessThan(1_000_000);
});
