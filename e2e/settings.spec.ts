import { type Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const settings = (page: Page) => page.goto(`${new URL(page.url()).origin}/${new URL(page.url()).search}#/settings`);
const nodeOf = async (page: Page): Promise<string | null> => {
  await expect(page.locator('[data-phase=running][data-node]')).toBeVisible();
  return page.locator('[data-node]').getAttribute('data-node');
};

test('[THEME-1] a chosen theme is there before the first paint, after a reload too', async ({ swarm }) => {
  const tab = await swarm.open();
  const { page } = tab;
  await page.emulateMedia({ colorScheme: 'dark' });
  await settings(page);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.getByRole('radio', { name: 'Light' }).check();
  await expect.poll(background).not.toBe(dark);
  // Whatever is painted first is painted with the theme: it is there when the page's own code has not run yet.
  await page.addInitScript(() => {
    document.addEventListener('readystatechange', () => {
      (window as { themeAtFirst?: string | undefined }).themeAtFirst ??= document.documentElement.dataset['theme'] ?? 'none';
    });
  });
  await page.reload();
  expect(await page.evaluate(() => (window as { themeAtFirst?: string }).themeAtFirst)).toBe('light');
  await expect(page.getByRole('radio', { name: 'Light' })).toBeChecked();
  await page.getByRole('radio', { name: 'As the system' }).check();
  await expect.poll(background).toBe(dark);
  expect(tab.errors).toEqual([]);
});

test('[ERASE-1, ERASE-2] erasing asks for the word, begins anew, and leaves another profile of this browser alone', async ({
  server,
  swarm,
}) => {
  const tab = await swarm.open();
  const other = await tab.context.newPage();
  await other.goto(`${server.url}/?profile=other`);
  const before = await nodeOf(tab.page);
  const otherNode = await nodeOf(other);
  await tab.drop({ name: 'kept.txt', bytes: Buffer.from('kept') });
  await expect(tab.page.locator('[data-file]')).toHaveCount(1);

  await settings(tab.page);
  await expect(tab.page.getByText('its list of 1 own file')).toBeVisible();
  await tab.page.getByRole('button', { name: 'Erase this peer' }).click();
  const erase = tab.page.getByRole('button', { name: 'Erase for good' });
  await expect(erase).toBeDisabled();
  await tab.page.getByRole('textbox', { name: /to go on/ }).fill('no');
  await expect(erase).toBeDisabled();
  await tab.page.getByRole('textbox', { name: /to go on/ }).fill('erase');
  await Promise.all([tab.page.waitForEvent('load'), erase.click()]);

  expect(await nodeOf(tab.page)).not.toBe(before);
  expect(new URL(tab.page.url()).hash).toBe('#/');
  await expect(tab.page.locator('[data-file]')).toHaveCount(0);
  await other.reload();
  expect(await nodeOf(other)).toBe(otherNode);
  expect(tab.errors).toEqual([]);
});

test('[ACT-2] activity is saved as JSON', async ({ server, swarm }) => {
  const tab = await swarm.open();
  await tab.page.goto(`${server.url}/#/activity`);
  await expect(tab.page.locator('[data-event=signaling]').first()).toBeVisible();
  const [download] = await Promise.all([
    tab.page.waitForEvent('download'),
    tab.page.getByRole('button', { name: 'Export as JSON' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^shoal-activity-\d{4}-\d\d-\d\d\.json$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const read = JSON.parse(Buffer.concat(chunks).toString()) as { format: number; events: readonly { kind: string }[] };
  expect(read.format).toBe(1);
  expect(read.events.map(({ kind }) => kind)).toContain('signaling');
});
