import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, test } from '@playwright/test';
import { watchMemory, writeLarge } from './load.ts';
import { startServer } from './server.ts';
import { hashOf, launchBrowser, launchOptions, TabPeer } from './tab-peer.ts';

const minuteMs = 60_000;
const gigabytes = Number(process.env['SHOAL_BIG_GB'] ?? '2');

test(`[FLOW-18] a file of ${gigabytes} GB goes up and comes down, and is in nobody's memory`, async () => {
  test.setTimeout(40 * minuteMs);
  const folder = mkdtempSync(join(tmpdir(), 'shoal-big-'));
  const server = await startServer();
  const path = join(folder, 'big.bin');
  const sha256 = await writeLarge(path, gigabytes * 1e9);

  // On disk: what a private window stores is in the memory of its browser.
  const storers: BrowserContext[] = [];
  for (let i = 0; i < 3; i++) {
    const context = await chromium.launchPersistentContext(join(folder, `storer-${i}`), launchOptions());
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
  await server.stop();
  rmSync(folder, { recursive: true, maxRetries: 5 });
  test.info().annotations.push({ type: 'measured', description: JSON.stringify({ gigabytes, sendingGrown, readingGrown }) });
  expect(sendingGrown).toBeLessThan(200e6);
  expect(readingGrown).toBeLessThan(200e6);
});
