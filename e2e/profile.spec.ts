import { shardsAtRest } from './at-rest.ts';
import { expect, test } from './fixtures.ts';
import { hangBeforeWrite, isUnderWay } from './mishaps.ts';
import { sha256, TabPeer, testBytes } from './tab-peer.ts';

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

  const file = { name: 'taken-over.bin', bytes: testBytes(12_000_000) };
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
  expect(left.shards).toBe(2);
  await owner.page.goto(link);
  expect((await owner.download()).sha256).toBe(sha256(file.bytes));
});
