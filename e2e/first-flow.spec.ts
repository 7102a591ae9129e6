import { type Browser, expect, test } from '@playwright/test';
import { startServer, type TestServer } from './server.ts';
import { hashOf, launchBrowser, lenders, sha256, TabPeer, testBytes } from './tab-peer.ts';

let browser: Browser;
let server: TestServer;

test.beforeEach(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
test.afterEach(async () => {
  await browser.close();
  await server.stop();
});

const megabyte = 1_000_000;

test('[FLOW-1] a file outlives the tab that sent it, which stores none of its own shards', async () => {
  const storers = await lenders(browser, server.url, 6);
  const owner = await TabPeer.open(browser, server.url);
  await owner.seesLenders(6);
  const file = { name: 'voyage.bin', bytes: testBytes(20 * megabyte) };
  const link = await owner.send(file);
  expect(await owner.bytesHeld()).toBe(0);
  for (const storer of storers) expect(await storer.bytesHeld()).toBeGreaterThan(0);
  expect(owner.foreignRequests).toEqual([]);
  expect(owner.errors).toEqual([]);
  await owner.close();

  const reader = await TabPeer.open(browser, server.url, { hash: hashOf(link) });
  expect(reader.page.url()).not.toContain('R.');
  expect(await reader.download()).toEqual({ name: file.name, size: file.bytes.length, sha256: sha256(file.bytes) });
  expect(reader.foreignRequests).toEqual([]);
  expect(reader.errors).toEqual([]);
});

test('[FLOW-2] 4+2 on six holders survives the loss of any two', async () => {
  const file = { name: 'pair.bin', bytes: testBytes(3 * megabyte) };
  const storers = await lenders(browser, server.url, 6);
  const owner = await TabPeer.open(browser, server.url);
  await owner.seesLenders(6);
  const link = await owner.send(file);
  await owner.close();
  const gone = [storers[1]!, storers[4]!];
  for (const storer of gone) await storer.close();
  const reader = await TabPeer.open(browser, server.url, { hash: hashOf(link) });
  expect((await reader.download()).sha256).toBe(sha256(file.bytes));
});

for (const lost of [0, 1, 2]) {
  test(`[FLOW-3] three holders of two shards each survive the loss of holder ${lost}`, async () => {
    const file = { name: 'three.bin', bytes: testBytes(2 * megabyte) };
    const storers = await lenders(browser, server.url, 3);
    const owner = await TabPeer.open(browser, server.url);
    await owner.seesLenders(3);
    const link = await owner.send(file);
    await owner.close();
    await storers[lost]!.close();
    const reader = await TabPeer.open(browser, server.url, { hash: hashOf(link) });
    expect((await reader.download()).sha256).toBe(sha256(file.bytes));
  });
}
