import { type BrowserContext, chromium } from '@playwright/test';
import { shardsAtRest } from './at-rest.ts';
import { expect, test } from './fixtures.ts';
import { browserProcess } from './mishaps.ts';
import { launchOptions, sha256, TabPeer, testBytes, type TestFile } from './tab-peer.ts';

const kills = 20;

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
