import { type Browser, expect, test } from '@playwright/test';
import { startServer, type TestServer } from './server.ts';
import { hashOf, launchBrowser, lenders, sha256, TabPeer, testBytes } from './tab-peer.ts';

let browser: Browser;
let server: TestServer;

test.beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
test.afterAll(async () => {
  await browser.close();
  await server.stop();
});

const pump = { search: '?transport=pump' };

test('[RTC-1] where no channel can be transferred the page pumps its frames, beside peers that transfer theirs', async () => {
  await lenders(browser, server.url, 2);
  await lenders(browser, server.url, 2, { ...pump, alreadyThere: 2 });
  const owner = await TabPeer.open(browser, server.url, pump);
  await owner.seesLenders(4);
  const file = { name: 'pumped.bin', bytes: testBytes(5_000_000) };
  const link = await owner.send(file);
  await owner.close();
  const reader = await TabPeer.open(browser, server.url, { ...pump, hash: hashOf(link) });
  expect((await reader.download()).sha256).toBe(sha256(file.bytes));
});

test('[RTC-6] a tab that is closed says bye, and is seen to have left at once', async () => {
  const fresh = await startServer();
  const stays = await TabPeer.open(browser, fresh.url);
  const leaves = await TabPeer.open(browser, fresh.url);
  await stays.seesPeers(1);
  const node = await leaves.node();
  await stays.show('Swarm');
  await leaves.page.close();
  // Without the bye it would be suspect, for the seconds that a broken connection takes to be noticed.
  await expect(stays.page.locator(`[data-peer="${node}"]`)).toHaveAttribute('data-state', 'away', { timeout: 3_000 });
  await fresh.stop();
});
