import { expect, type Swarm, swarmAt, test } from './fixtures.ts';
import { startServer, type TestServer } from './server.ts';
import { isLong } from '../test/long.ts';
import { hashOf, sha256, type TestFile, testBytes } from './tab-peer.ts';

const file = { name: 'ways.bin', bytes: testBytes(700_000) };
let server: TestServer;
let swarm: Swarm;
let link: string;

// One file for all of them: the tabs that hold it were there before the tests, and stay.
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  swarm = swarmAt(browser, server.url);
  await swarm.lenders(3);
  const owner = await swarm.open();
  await owner.seesLenders(3);
  link = await owner.send(file);
  await owner.close();
});
test.afterAll(() => server.stop());

const expected = { name: file.name, size: file.bytes.length, sha256: sha256(file.bytes) };

test('[FLOW-5] where a service worker cannot be had the file is saved as a Blob', async () => {
  const reader = await swarm.open({ hash: hashOf(link), serviceWorkers: 'block' });
  expect(await reader.download()).toEqual(expected);
});

test('[FLOW-6] a reload keeps the link, which stands in the address bar no more', async () => {
  const reader = await swarm.open({ hash: hashOf(link) });
  await reader.page.reload();
  expect(await reader.download()).toEqual(expected);
  expect(reader.page.url()).not.toContain('R.');
  const history = await reader.page.evaluate(() =>
    JSON.stringify([location.href, document.referrer, ...navigation.entries().map(({ url }) => url)]),
  );
  expect(history).not.toContain('R.');
});

test('[FLOW-7] a link that was changed on its way is refused in words, before anything is asked of the swarm', async () => {
  const changed = hashOf(link).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  const reader = await swarm.open({ hash: changed });
  await expect(reader.page.locator('[data-error=bad-input]')).toBeVisible();
});

test('[SINK-16] where the browser asks where to save, the file is written there', async () => {
  const reader = await swarm.open({ hash: hashOf(link), picker: 'picked' });
  const card = reader.page.locator('[data-receive]').first();
  await card.getByRole('button', { name: 'Download', exact: true }).click();
  await expect(card).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
  expect(await reader.picked(file.name)).toEqual({ size: expected.size, sha256: expected.sha256 });
});

test('[SINK-16] a part is saved under a name that says which bytes it has', async () => {
  const reader = await swarm.open({ hash: hashOf(link) });
  const card = reader.page.locator('[data-receive]').first();
  await card.getByText('Download a part').click();
  await card.getByLabel('From byte').fill('300000');
  await card.getByLabel('Bytes', { exact: true }).fill('100000');
  const part = await reader.saved(card.getByRole('button', { name: 'Download part' }));
  await expect(card).toHaveAttribute('data-state', 'done');
  const bytes = file.bytes.subarray(300_000, 400_000);
  expect(part).toEqual({ name: 'ways (bytes 300000-399999).bin', size: bytes.length, sha256: sha256(bytes) });
});

test('[SINK-16] a dialog that is dismissed begins nothing, and is no error', async () => {
  const reader = await swarm.open({ hash: hashOf(link), picker: 'dismissed' });
  const card = reader.page.locator('[data-receive]').first();
  await card.getByRole('button', { name: 'Download', exact: true }).click();
  await reader.page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await expect(card).toHaveAttribute('data-state', 'ready');
  expect(await reader.download()).toEqual(expected);
  expect(reader.errors).toEqual([]);
});

const block = 262_144;
const stripeOf4 = 4 * block;
const segmentOf4 = 32 * stripeOf4;

/** File lengths around every border of the format: nothing, chunks, blocks, a stripe and a segment of 4+2; for time's sake not all each time. */
const some = [0, 16_385, block, stripeOf4 + 1];
const all = [0, 1, 16_383, 16_384, 16_385, block - 1, block, block + 1, stripeOf4 + 1, segmentOf4 + 1];
const lengths = isLong ? all : some;

test('[FLOW-4] files of every awkward length, and a name in emoji, arrive as they were sent', async () => {
  test.setTimeout(240_000);
  const owner = await swarm.open();
  await owner.seesLenders(3);
  const files: TestFile[] = [
    ...lengths.map((length) => ({ name: `length-${length}.bin`, bytes: testBytes(length) })),
    { name: '🐟🐠 schwärmt 群れ.bin', bytes: testBytes(5_000) },
  ];
  const reader = await swarm.open();
  for (const [opened, sent] of files.entries()) {
    await reader.page.goto(await owner.send(sent));
    await expect(reader.page.locator('[data-receive]')).toHaveCount(opened + 1);
    const got = await reader.download();
    expect(got, sent.name).toEqual({ name: sent.name, size: sent.bytes.length, sha256: sha256(sent.bytes) });
  }
});
