import { expect, type Swarm, swarmAt, test } from './fixtures.ts';
import { startServer, type TestServer } from './server.ts';
import { hashOf, sha256, testBytes } from './tab-peer.ts';

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

test('[SINK-16] a dialog that is dismissed begins nothing, and is no error', async () => {
  const reader = await swarm.open({ hash: hashOf(link), picker: 'dismissed' });
  const card = reader.page.locator('[data-receive]').first();
  await card.getByRole('button', { name: 'Download', exact: true }).click();
  await reader.page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await expect(card).toHaveAttribute('data-state', 'ready');
  expect(await reader.download()).toEqual(expected);
  expect(reader.errors).toEqual([]);
});
