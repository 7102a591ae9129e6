import { type BrowserContext, chromium } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { watchMemory, writeLarge } from './load.ts';
import { hashOf, launchBrowser, launchOptions, TabPeer } from './tab-peer.ts';

const minuteMs = 60_000;
const gigabytes = Number(process.env['SHOAL_BIG_GB'] ?? '2');

test(`[FLOW-18] a file of ${gigabytes} GB goes up and comes down, and is in nobody's memory`, async ({ server }) => {
  test.setTimeout(40 * minuteMs);
  const path = test.info().outputPath('big.bin');
  const sha256 = await writeLarge(path, gigabytes * 1e9);

  // On disk: what a private window stores is in the memory of its browser.
  const storers: BrowserContext[] = [];
  for (let i = 0; i < 3; i++) {
    const context = await chromium.launchPersistentContext(test.info().outputPath(`storer-${i}`), launchOptions());
    storers.push(context);
    const storer = await TabPeer.openIn(context, server.url);
    await storer.lend(1.5 * gigabytes);
  }

  const sending = await launchBrowser();
  const owner = await TabPeer.open(sending, server.url);
  await owner.seesLenders(3);
  await owner.show('Drop');
  const sendingMemory = await watchMemory(sending);
  await owner.dropPaths([path]);
  const link = await owner.stored('big.bin', 25 * minuteMs);
  const sendingGrown = await sendingMemory.stop();
  await sending.close();

  const reading = await launchBrowser();
  const reader = await TabPeer.open(reading, server.url, { hash: hashOf(link) });
  await reader.seesPeers(3);
  const readingMemory = await watchMemory(reading);
  expect((await reader.download()).sha256).toBe(sha256);
  const readingGrown = await readingMemory.stop();
  await reading.close();

  for (const context of storers) await context.close();
  test.info().annotations.push({ type: 'measured', description: JSON.stringify({ gigabytes, sendingGrown, readingGrown }) });
  expect(sendingGrown).toBeLessThan(200e6);
  expect(readingGrown).toBeLessThan(200e6);
});
