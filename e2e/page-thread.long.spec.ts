import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, expect, test } from '@playwright/test';
import { pageThread, watchMemory, watchPageThreads, writeLarge } from './load.ts';
import { startServer, type TestServer } from './server.ts';
import { launchBrowser, lenders, TabPeer } from './tab-peer.ts';

const long = process.env['SHOAL_LONG'] === '1';
const megabytes = long ? 200 : 20;

let browsers: Browser[];
let server: TestServer;
let folder: string;

test.beforeEach(async () => {
  server = await startServer();
  // The sender has a browser of its own: all its renderer processes are the sender's.
  browsers = [await launchBrowser(), await launchBrowser()];
  folder = mkdtempSync(join(tmpdir(), 'shoal-'));
});
test.afterEach(async () => {
  for (const browser of browsers) await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function watchedTab(browser: Browser, search = ''): Promise<TabPeer> {
  const context = await browser.newContext();
  await watchPageThreads(context);
  return TabPeer.openIn(context, server.url, { search });
}

test(`[FLOW-17] ${megabytes} MB are sent, and the page's thread sees none of them`, async () => {
  test.setTimeout(300_000);
  const [others, own] = browsers as [Browser, Browser];
  await lenders(others, server.url, 3);
  // Each alone in a swarm of its own, on the same busy machine.
  const idle = [
    await watchedTab(others, '?swarm=idle-1'),
    await watchedTab(others, '?swarm=idle-2'),
    await watchedTab(others, '?swarm=idle-3'),
  ];
  const owner = await watchedTab(own);
  await owner.seesLenders(3);
  await owner.show('Drop');
  await writeLarge(join(folder, 'large.bin'), megabytes * 1_000_000);

  const memory = await watchMemory(own);
  for (const { page } of [...idle, owner]) await pageThread(page);
  await owner.dropPaths([join(folder, 'large.bin')]);
  await owner.stored('large.bin');
  const resting = await Promise.all(idle.map(({ page }) => pageThread(page)));
  const sending = await pageThread(owner.page);
  const idleGapMs = Math.max(...resting.map(({ longestGapMs }) => longestGapMs));
  const grownBytes = await memory.stop();
  const measured = { megabytes, idleGapMs, grownBytes, ...sending };
  test.info().annotations.push({ type: 'measured', description: JSON.stringify(measured) });

  expect(sending.blobCalls).toEqual([]);
  expect(sending.largestBuffer).toBeLessThanOrEqual(65_536);
  expect(sending.buffers).toBeLessThan(1_000_000);
  expect(grownBytes).toBeLessThan(150_000_000);
  // In a short run one hiccup of the machine decides.
  if (long) expect(sending.longestGapMs).toBeLessThanOrEqual(Math.max(50, 3 * idleGapMs));
});
