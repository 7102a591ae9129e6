import { isLong } from '../test/long.ts';
import type { Browser } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { pageThread, watchMemory, watchPageThreads, writeLarge } from './load.ts';
import { launchBrowser, TabPeer } from './tab-peer.ts';

const megabytes = isLong ? 200 : 10;
/** What the sender's page is held against: only in a long run, since in a short one a hiccup of the machine decides. */
const idleTabs = isLong ? 3 : 0;

async function watchedTab(browser: Browser, url: string, search = ''): Promise<TabPeer> {
  const context = await browser.newContext();
  await watchPageThreads(context);
  return TabPeer.openIn(context, url, { search });
}

test(`[FLOW-17] ${megabytes} MB are sent, and the page's thread sees none of them`, async ({ browser, server, swarm }) => {
  test.setTimeout(300_000);
  // The sender has a browser of its own: all its renderer processes are the sender's.
  const own = await launchBrowser();
  await swarm.lenders(3);
  // Each alone in a swarm of its own, on the same busy machine.
  const idle: TabPeer[] = [];
  for (let i = 0; i < idleTabs; i++) idle.push(await watchedTab(browser, server.url, `?swarm=idle-${i}`));
  const owner = await watchedTab(own, server.url);
  await owner.seesLenders(3);
  await owner.show('Drop');
  const path = test.info().outputPath('large.bin');
  await writeLarge(path, megabytes * 1_000_000);

  const memory = await watchMemory(own);
  for (const { page } of [...idle, owner]) await pageThread(page);
  await owner.dropPaths([path]);
  await owner.stored('large.bin');
  const resting = await Promise.all(idle.map(({ page }) => pageThread(page)));
  const sending = await pageThread(owner.page);
  const idleGapMs = Math.max(...resting.map(({ longestGapMs }) => longestGapMs));
  const grownBytes = await memory.stop();
  await own.close();
  const measured = { megabytes, idleGapMs, grownBytes, ...sending };
  test.info().annotations.push({ type: 'measured', description: JSON.stringify(measured) });

  expect(sending.blobCalls).toEqual([]);
  expect(sending.largestBuffer).toBeLessThanOrEqual(65_536);
  expect(sending.buffers).toBeLessThan(1_000_000);
  expect(grownBytes).toBeLessThan(150_000_000);
  if (isLong) expect(sending.longestGapMs).toBeLessThanOrEqual(3 * idleGapMs);
});
