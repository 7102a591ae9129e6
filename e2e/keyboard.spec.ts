import type { Page } from '@playwright/test';
import { expect, type Swarm, swarmAt, test } from './fixtures.ts';
import { goTo, tabTo, use } from './keyboard.ts';
import { startServer, type TestServer } from './server.ts';
import { sha256, type TabPeer, testBytes } from './tab-peer.ts';

// No mouse and no focus set by hand: the person's tab is used by `page.keyboard` alone.

/** A tab that may use the clipboard, linked with `peers` others. */
async function openTab(swarm: Swarm, peers: number): Promise<TabPeer> {
  const tab = await swarm.open();
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await tab.seesPeers(peers);
  return tab;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

test('[UI-22] the skip link comes first and leads past the navigation', async ({ swarm }) => {
  const tab = await swarm.open();
  const { keyboard } = tab.page;
  await keyboard.press('Tab');
  const skip = tab.page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await keyboard.press('Enter');
  await expect(tab.page.locator('main')).toBeFocused();
  await keyboard.press('Tab');
  await expect(tab.page.locator('main :focus')).toHaveCount(1);
  expect(tab.errors).toEqual([]);
});

test('[UI-22] storage is lent by keyboard alone', async ({ swarm }) => {
  const tab = await swarm.open();
  const { page } = tab;
  await goTo(page, 'Contribute');
  await use(page, page.getByRole('switch'), 'Space');
  await expect(page.getByRole('switch')).toBeChecked();
  const slider = page.getByRole('slider');
  await use(page, slider, 'ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', '2\u00a0GB');
  await expect(page.locator('dt', { hasText: 'Lent' }).locator('+ dd')).toHaveText('2 GB');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  await expect(page.locator('dt', { hasText: 'Lent' }).locator('+ dd')).toHaveText('3 GB');
  expect(tab.errors).toEqual([]);
});

test('[UI-22, ERASE-1] theme and erasing by keyboard alone', async ({ swarm }) => {
  const tab = await swarm.open();
  const { page } = tab;
  const before = await tab.node();
  await goTo(page, 'Settings');
  await use(page, page.getByRole('radio', { name: 'As the system' }), 'ArrowDown');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');

  const begin = button(page, 'Erase this peer');
  await use(page, begin);
  await expect(page.getByRole('textbox')).toBeFocused();
  await use(page, button(page, 'Keep it'));
  await expect(begin).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('erase');
  await tabTo(page, button(page, 'Erase for good'));
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await tab.runs();
  expect(await tab.node()).not.toBe(before);
  expect(tab.errors).toEqual([]);
});

test.describe('among others', () => {
  const peers = 3;
  let server: TestServer;
  let swarm: Swarm;
  // One swarm for both; the first counts all who were ever there.
  test.beforeAll(async ({ browser }) => {
    server = await startServer();
    swarm = swarmAt(browser, server.url);
    await swarm.lenders(peers);
  });
  test.afterAll(() => server.stop());

  test('[UI-22, RING-10] the swarm is looked at, and what happened is saved, by keyboard alone', async () => {
    const tab = await openTab(swarm, peers);
    const { page } = tab;
    await goTo(page, 'Swarm');
    await expect(page.getByText(`${peers} peers: ${peers} live.`)).toBeVisible();
    await tabTo(page, page.locator('[role=option][tabindex="0"]'));
    const walked = new Set<string>();
    for (let step = 0; step < peers; step++) {
      const words = await page.locator('[role=option]:focus').textContent();
      expect(words).toMatch(/^Peer \S+, Live, lends 1\sGB/);
      walked.add(words ?? '');
      await page.keyboard.press('ArrowRight');
    }
    expect(walked.size).toBe(peers);
    const cell = await page.locator('[role=option]:focus').getAttribute('data-cell');
    await page.keyboard.press('Enter');
    await expect(page.locator('tr:focus')).toHaveAttribute('data-peer', cell ?? '');
    await use(page, page.getByRole('link', { name: 'All activity' }));
    await expect(page.locator('main')).toBeFocused();

    await use(page, button(page, /^Peer \d/), 'Space');
    await expect(button(page, /^Peer \d/)).toHaveAttribute('aria-pressed', 'true');
    await expect(page.locator('[data-event]:not([data-event=peer])')).toHaveCount(0);
    await use(page, button(page, /^All \d/), 'Space');
    await tabTo(page, page.getByRole('searchbox'));
    await page.keyboard.type('no such word');
    await use(page, button(page, 'Show all'));
    await expect(page.getByRole('searchbox')).toBeFocused();
    await expect(page.locator('[data-event=peer]')).not.toHaveCount(0);
    const { name } = await tab.savedBy(() => use(page, button(page, 'Export as JSON')));
    expect(name).toMatch(/^shoal-activity-/);
    expect(tab.errors).toEqual([]);
  });

  test('[UI-22] a file is sent, looked at, and received in another tab by keyboard alone', async () => {
    const file = { name: 'by keyboard.bin', bytes: testBytes(700_000) };
    const sender = await openTab(swarm, peers);
    const { page } = sender;
    await test.step('it is chosen, stored, and its link copied', async () => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), use(page, button(page, 'Choose files'))]);
      await chooser.setFiles({ name: file.name, mimeType: 'application/octet-stream', buffer: file.bytes });
      await sender.stored(file.name);
      await use(page, button(page, `Copy link to ${file.name}`));
      await expect(page.getByRole('button', { name: 'Copied' })).toBeFocused();
    });
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toContain('#/r/R.');

    await test.step('its code to scan is opened, and closed by Esc', async () => {
      const opener = button(page, `QR code of the link to ${file.name}`);
      await use(page, opener);
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByRole('img')).toBeVisible();
      await tabTo(page, dialog.getByRole('button', { name: 'Close' }));
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await expect(opener).toBeFocused();
    });

    await test.step('it is opened from the list of files, and left again', async () => {
      await goTo(page, 'Files');
      await use(page, page.getByRole('main').getByRole('link', { name: file.name }));
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(file.name);
      await expect(page.locator('main')).toBeFocused();
      await use(page, page.getByRole('link', { name: 'All files' }));
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Files');
      await expect(page.locator('main')).toBeFocused();
    });

    await test.step('the link is pasted in another tab, and the file saved', async () => {
      const reader = await openTab(swarm, peers + 1);
      await goTo(reader.page, 'Receive');
      await tabTo(reader.page, reader.page.getByRole('textbox'));
      await reader.page.keyboard.insertText(link);
      await reader.page.keyboard.press('Enter');
      const download = button(reader.page, 'Download');
      await expect(download).toBeEnabled({ timeout: 30_000 });
      const saved = await reader.savedBy(() => use(reader.page, download));
      expect(saved).toEqual({ name: file.name, size: file.bytes.length, sha256: sha256(file.bytes) });
      expect(reader.errors).toEqual([]);
    });
    expect(sender.errors).toEqual([]);
  });
});
