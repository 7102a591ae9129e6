import { type BrowserContext, chromium } from '@playwright/test';
import { shardsAtRest } from './at-rest.ts';
import { expect, test } from './fixtures.ts';
import { browserProcess, hangBeforeWrite, isUnderWay } from './mishaps.ts';
import { launchOptions, sha256, TabPeer, testBytes, type TestFile } from './tab-peer.ts';

const kills = process.env['SHOAL_LONG'] === '1' ? 20 : 3;

/** The one storer, in a browser of its own over the same folder. */
async function startStorer(url: string, beforeThePeer: (context: BrowserContext) => Promise<void> = async () => {}) {
  const context = await chromium.launchPersistentContext(test.info().outputPath('profile'), launchOptions());
  await beforeThePeer(context);
  const peer = await TabPeer.openIn(context, url);
  return { context, peer, processId: await browserProcess(context) };
}

test(`[FLOW-13] a browser killed ${kills} times while it writes keeps every shard that it claimed`, async ({ server, swarm }) => {
  test.setTimeout(30_000 + kills * 20_000);
  let storer = await startStorer(server.url);
  await storer.peer.lend();
  let torn = 0;
  const owner = await swarm.open();
  await owner.seesLenders(1);
  const files: (TestFile & { readonly link: string })[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const batch = [200_000, 4_000_000].map((length, i) => {
      const name = `${String(kill).padStart(2, '0')}-${i}.bin`;
      return { name, bytes: testBytes(length, name) };
    });
    await owner.dropAll(batch);
    // Killed when the small one is claimed, while the other one is being written: nobody in that browser has a word to say.
    await owner.stored(batch[0]!.name);
    const gone = storer.context.waitForEvent('close');
    process.kill(storer.processId, 'SIGKILL');
    await gone;
    storer = await startStorer(server.url, async (context) => {
      // Of the same origin, and no peer runs there to sweep first.
      const picture = await context.newPage();
      await picture.goto(`${server.url}/icon.svg`);
      if ((await shardsAtRest(picture)).staged > 0) torn++;
      await picture.close();
    });
    const { shards, broken } = await shardsAtRest(storer.peer.page);
    expect(broken).toEqual([]);
    // One shard at least for each file that was claimed.
    expect(shards).toBeGreaterThan(files.length);
    // What was being written is written anew: the uploads go on by themselves.
    for (const file of batch) files.push({ ...file, link: await owner.stored(file.name) });
  }
  // Most of the kills came in the middle of a write.
  expect(torn).toBeGreaterThan(kills / 2);
  const reader = await swarm.open();
  for (const { name, bytes, link } of files) {
    await reader.page.goto(link);
    await expect(reader.page.getByRole('heading', { level: 1, name })).toBeVisible();
    expect((await reader.download()).sha256, name).toBe(sha256(bytes));
  }
  const left = await shardsAtRest(storer.peer.page);
  expect(left).toMatchObject({ broken: [], used: left.committed, reserved: 0, staged: 0 });
  await storer.context.close();
});

test('[FLOW-14, DB-5] a second tab takes a profile over in the middle of a write, and what the first one still writes is refused', async ({
  browser,
  server,
  swarm,
}) => {
  // What hangs the worker is a request, which a service worker would answer in the place of the test.
  const shared = await browser.newContext({ serviceWorkers: 'block' });
  const first = await TabPeer.openIn(shared, server.url);
  await first.lend();
  const owner = await swarm.open();
  await owner.seesLenders(1);

  const second = await shared.newPage();
  await second.goto(server.url);
  await expect(second.locator('[data-phase=elsewhere]')).toBeVisible();
  await expect(second.getByRole('heading', { name: 'another tab' })).toBeVisible();

  const file = { name: 'taken-over.bin', bytes: testBytes(24_000_000) };
  await owner.drop(file);
  await isUnderWay(owner, 0.05);
  const late = await hangBeforeWrite(first);
  await second.getByRole('button', { name: 'Use it here' }).click();
  await expect(second.locator('[data-phase=running]')).toBeVisible();
  // It goes on where it was, and hears of the other tab later.
  expect(await late()).toBe('abort');
  await expect(first.page.locator('[data-phase=elsewhere]')).toBeVisible();

  const link = await owner.stored(file.name);
  const left = await shardsAtRest(second);
  expect(left).toMatchObject({ broken: [], used: left.committed, reserved: 0, staged: 0 });
  expect(left.shards).toBe(3);
  await owner.page.goto(link);
  expect((await owner.download()).sha256).toBe(sha256(file.bytes));
});
