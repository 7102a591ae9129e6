import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { HeadlessPeers } from './headless-peers.ts';
import { hashOf, sha256, type TabPeer, type TestFile, testBytes } from './tab-peer.ts';

/** Live holders have freed the bytes by then, ms (SPEC DEL-2). */
const freedMs = 10_000;
const file = { name: 'letter.bin', bytes: testBytes(1_000_000) };
const next = { name: 'letter 2.bin', bytes: testBytes(700_000, 'next') };

test('[FLOW-26, FLOW-24] a file replaced in the page opens as its new version; what is deleted there, or by `rm`, goes within 10 s, and its link says so', async ({
  server,
  swarm,
}) => {
  const peers = await HeadlessPeers.start(server.url, test.info().outputPath('swarm'), 2);
  try {
    const [lender] = await swarm.lenders(1, { alreadyThere: 2 });
    const held = async (): Promise<number[]> => [...(await peers.used()), await lender!.bytesHeld()];
    // A page shows what its peer holds some tenths of a second later, so a file may be stored before its lender's page says so.
    const allHold = () => expect.poll(async () => Math.min(...(await held()))).toBeGreaterThan(0);
    const owner = await swarm.open();
    await owner.seesLenders(3);
    const link = await owner.send(file);
    await allHold();

    await owner.page.getByRole('link', { name: file.name }).click();
    await replaceBy(owner, next);
    const reader = await swarm.open({ hash: hashOf(link) });
    const [opened, saved] = [reader.download(), test.info().outputPath('saved.bin')];
    await peers.shoal('get', link, '--out', saved);
    expect(sha256(readFileSync(saved))).toBe(sha256(next.bytes));
    expect(await opened).toMatchObject({ name: next.name, sha256: sha256(next.bytes) });
    await expect(reader.page.locator('[data-receive]')).toContainText('Version 2');

    await owner.page.getByRole('button', { name: 'Delete this file' }).click();
    await owner.page.getByRole('button', { name: 'Delete for good' }).click();
    await expect.poll(held, { timeout: freedMs }).toEqual([0, 0, 0]);
    await expect(owner.page.getByRole('heading', { level: 1, name: 'Files' })).toBeVisible();
    await expect(owner.page.locator('[data-file]')).toHaveCount(0);
    const late = await swarm.open({ hash: hashOf(link) });
    await expect(late.page.locator('[data-receive]')).toContainText('Deleted: This file was deleted by its owner.');

    const path = test.info().outputPath(file.name);
    writeFileSync(path, file.bytes);
    const second = await peers.shoal('put', path);
    await allHold();
    await peers.shoal('rm', second);
    await expect.poll(held, { timeout: freedMs }).toEqual([0, 0, 0]);
    expect([owner, lender!, reader, late].flatMap(({ errors }) => errors)).toEqual([]);
  } finally {
    await peers.endAll();
  }
});

/** Chooses a file that replaces the one whose page this is, by keyboard, and waits until it is stored. */
async function replaceBy({ page }: TabPeer, { name, bytes }: TestFile): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Replace…/ }).press('Enter');
  await (await choosing).setFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.locator('article[data-state=stored]')).toContainText('Version2');
}
